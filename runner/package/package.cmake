# The Debian package, by CPack: `cmake --workflow --preset package`.
set(CONRUN_MAINTAINER "The conrun authors <conrun@conrun.invalid>" CACHE STRING
  "who answers for the Debian package")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "${CONRUN_MAINTAINER}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "runner for concurrency experiments described in YAML")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"Threads or processes? A pool, a pipe, an event loop? How many workers, and
what does one global lock cost? A YAML file describes the experiment; conrun
runs every combination of workload, executor and number of workers on this
machine and writes a CSV of what each took, with a page of charts.

Tasks of one's own are written in Lua, or in C against the headers that come
with it.")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# What is opened where a run needs it: fetch, hash and charts; matmul, workbooks, python, plugins.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "libcurl4, libssl3, gnuplot-nox | gnuplot")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS
  "libopenblas0, libxlsxwriter4, python3, gcc, libc6-dev, pkg-config, libuv1-dev")
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/debian.cmake)
include(CPack)
