/* How the page looks: one column, tables that scroll in a box of their own, charts beside each
 * other where there is room. */
#include "review/page_parts.h"
#include "review/palette.h"

#include <stdbool.h>

static void add_variables(struct text *out, bool dark)
{
	for (size_t i = 0; i < PALETTE_COUNT; i++)
		text_addf(out, "--%s:%s;", palette[i].name,
			dark ? palette[i].dark : palette[i].light);
}

static const char rules[] =
	"*{box-sizing:border-box}\n"
	"body{margin:0 auto;max-width:72rem;padding:1rem;background:var(--paper);"
	"color:var(--ink);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}\n"
	"h1{font-size:1.9rem;line-height:1.2;margin:.2rem 0}\n"
	"h2{font-size:1.3rem;margin:2rem 0 .5rem}\n"
	"h3{font-size:1.05rem;margin:1.2rem 0 .3rem}\n"
	"p{margin:.4rem 0;max-width:46rem}\n"
	"a{color:var(--link)}\n"
	".question{font-size:1.15rem}\n"
	".answer{font-size:1.15rem;border-left:.3rem solid var(--c1);padding-left:.8rem}\n"
	".faint,figcaption .note,caption .note{color:var(--faint);font-size:.9rem}\n"
	".good{color:var(--good)}.bad{color:var(--bad)}\n"
	".good,.bad{font-weight:600}\n"
	"ul{padding-left:1.2rem;margin:.4rem 0}\n"
	"code,pre{font-family:ui-monospace,monospace;font-size:.9rem}\n"
	"pre{background:var(--box);padding:.8rem;overflow-x:auto;border-radius:.3rem;"
	"overflow-wrap:normal}\n"
	".charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr));"
	"gap:1.5rem;align-items:start}\n"
	"figure{margin:0;min-width:0}\n"
	"figcaption{margin-bottom:.3rem}figcaption .note{display:block}\n"
	"figure svg{display:block;width:100%;max-width:38rem;height:auto}\n"
	".scroll{overflow:auto;max-height:80vh;width:fit-content;max-width:100%;border:1px solid "
	"var(--grid);border-radius:.3rem;"
	"margin:.5rem 0}\n"
	"table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.92rem;"
	"overflow-wrap:normal}\n"
	"caption{text-align:left;padding:.5rem .7rem}\n"
	"caption>span{display:block;position:sticky;left:.7rem;width:fit-content;"
	"max-width:min(46rem,calc(100vw - 4rem))}\n"
	"th,td{padding:.25rem .7rem;text-align:right;white-space:nowrap;"
	"border-top:1px solid var(--grid)}\n"
	"th{font-weight:600}tbody th{font-weight:400}\n"
	"thead th{background:var(--box);position:sticky;top:0}\n"
	".word{text-align:left}\n"
	"th code{white-space:normal}\n"
	"tbody tr:hover{background:var(--box)}\n"
	"dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem;margin:.5rem 0}\n"
	"dt{color:var(--faint)}dd{margin:0}\n"
	"summary{cursor:pointer;font-weight:600;padding:.3rem 0}\n"
	"@media print{.scroll{max-height:none;border:0}}\n";

void page_style(struct text *out)
{
	text_add(out, ":root{color-scheme:light dark;");
	add_variables(out, false);
	text_add(out, "}\n@media (prefers-color-scheme:dark){:root{");
	add_variables(out, true);
	text_add(out, "}}\n");
	text_add(out, rules);
}
