/**
 * The style of the console: that of the setup page, and what only the console has.
 */
import { type Html, html } from '../../formats/html.ts'
import { toBrand } from '../../settings/brand.ts'
import { style } from '../../web/frame/style.ts'

export const brand = toBrand({}, undefined)

const own = html`
:root{--good:#1b6b35;--doubt:#7a4f00}
@media(prefers-color-scheme:dark){:root{--good:#86d6a0;--doubt:#f0c36c}}
header nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;margin:0;padding:0}
header nav li{margin:0;padding:0}
header nav a{display:inline-block;padding:.25rem 0}
[aria-current=page]{font-weight:650;text-decoration-thickness:3px}
header,main,footer{max-width:76rem}
section{scroll-margin-top:1rem}
table{font-size:.9375rem}
table .narrow{width:14%}
table .wide{width:38%}
tbody th{font-weight:600}
td code,th code,.plain{font-weight:400}
.line{display:block}
.plain summary{color:var(--soft);padding:0}
.plain ul{margin:.25rem 0;padding-inline-start:1rem}
.tag{align-self:start;display:inline-block;border:1px solid;border-radius:1rem;padding:0 .6em;font-size:.875em;font-weight:600;white-space:nowrap;color:var(--soft)}
.tag.good{color:var(--good)}
.tag.bad{color:var(--bad)}
.tag.doubtful{color:var(--doubt)}
.tag.good::before{content:"\\2713\\a0"/""}
.tag.bad::before{content:"\\2717\\a0"/""}
.tag.doubtful::before{content:"!\\a0"/""}
pre{margin:0;padding:.75rem;border:1px solid var(--line);border-radius:8px;background:var(--page);font:.8125rem/1.5 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere}
pre b{color:var(--accent);font-weight:600}
pre i{color:var(--good);font-style:normal}
.list{list-style:none;padding:0}
dl{display:grid;grid-template-columns:minmax(8rem,max-content) 1fr;gap:.4rem 1.5rem;margin:0}
table+table,p+table{margin-top:1.75rem}
dl+table{margin-top:1.5rem}
dt{color:var(--soft)}
dd{margin:0}
.chart svg{display:block;width:100%;height:5rem}
.small.chart svg{height:1.5rem}
.chart path{fill:var(--accent)}
.chart .axis{fill:none;stroke:var(--line);vector-effect:non-scaling-stroke}
progress{width:100%;accent-color:var(--accent)}
select{font:inherit;color:inherit;background:var(--page);border:1px solid var(--soft);border-radius:10px;padding:.65rem .875rem;max-width:100%}
@media screen and (max-width:56rem){td:empty{display:none}}
.step{border-top:1px solid var(--line);padding-block:.75rem}
.step summary code{font-weight:600}
@media screen and (max-width:36rem){dl{grid-template-columns:1fr;gap:0}
dd{margin-bottom:.5rem}}
`

export const consoleStyle: Html = { html: style(brand).html + own.html.replaceAll('\n', '') }
