# Run by CPack on what is to be packed: what Debian's policy asks of documents and nothing else
# needs. Manual pages and changelogs are compressed, without a name or a time in them.
cmake_minimum_required(VERSION 3.25)
file(GLOB_RECURSE documents ${CPACK_TEMPORARY_DIRECTORY}/usr/share/man/*.[1-9]
  ${CPACK_TEMPORARY_DIRECTORY}/usr/share/doc/*/changelog)
foreach(document IN LISTS documents)
  execute_process(COMMAND gzip -9 -n ${document} COMMAND_ERROR_IS_FATAL ANY)
endforeach()

# Where zsh looks for what packages bring; site-functions belongs to the administrator.
set(zsh ${CPACK_TEMPORARY_DIRECTORY}/usr/share/zsh)
if(EXISTS ${zsh}/site-functions)
  file(RENAME ${zsh}/site-functions ${zsh}/vendor-completions)
endif()

# Why some of what lintian says does not apply.
configure_file(${CMAKE_CURRENT_LIST_DIR}/lintian-overrides
  ${CPACK_TEMPORARY_DIRECTORY}/usr/share/lintian/overrides/conrun @ONLY
  FILE_PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)

# Whatever the umask of who packs it.
file(CHMOD_RECURSE ${CPACK_TEMPORARY_DIRECTORY}/usr DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
