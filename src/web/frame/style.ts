/**
 * The style of all pages in the colours of a provider, without external resources. It uses logical sides, so that it also
 * fits languages that are written from right to left.
 */
import { type Html, html } from '../../formats/html.ts'
import { type Brand, pageColors } from '../../settings/brand.ts'
import { programIds } from '../words/messages.ts'
import { parseStyle, usedStyle } from './used-style.ts'

const { light, dark } = pageColors

/** The link to the guide that is shown. */
const current = [
  '.first:not(:has(:target)) li:first-child a',
  ...programIds.map(id => `#programs:has(#${id}:target) [href$=${id}]`)
].join()

const rules = html`
@media(prefers-contrast:more){:root{--soft:var(--text);--line:var(--text)}}
*{box-sizing:border-box}
body{margin:0;border-top:4px solid var(--accent);background:var(--page);color:var(--text);font:1.0625rem/1.6 system-ui,sans-serif;overflow-wrap:break-word}
header,main,footer{max-width:64rem;margin:auto;padding:1rem clamp(1rem,4vw,2rem)}
header,footer{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:center;gap:.5rem 1rem}
footer{color:var(--soft);padding-block:1rem 3rem}
.brand{font-weight:650;font-size:1.125rem}
.brand img{display:block;height:2.5rem;max-width:12rem}
h1{font-size:clamp(1.6rem,5vw,2.25rem);line-height:1.2;letter-spacing:-.015em;margin:1rem 0 .75rem;text-wrap:balance}
[dir=rtl] h1{letter-spacing:0}
h2{font-size:1.25rem;line-height:1.3;margin:0 0 .75rem}
h3{font-size:1.0625rem;margin:0 0 .5rem}
p,ol,ul,figure{margin:0 0 .875rem}
p:last-child,ol:last-child,ul:last-child{margin-bottom:0}
ol,ul{padding-inline-start:1.5rem}
li{padding-inline-start:.25rem;margin-bottom:.375rem}
.lead{font-size:1.1875rem;max-width:44rem}
.soft,small,i,figure details{color:var(--soft)}
small,.soft,footer{font-size:.9375em}
a{color:var(--accent);text-underline-offset:.2em}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:4px}
.skip{position:absolute;inset-inline-start:-999rem}
.skip:focus{inset-inline-start:1rem;top:1rem;background:var(--card);padding:.75rem 1rem}
section,.ask{margin-block:1.5rem;scroll-margin-top:1rem}
.card{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:clamp(1rem,3vw,1.75rem)}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr));gap:1.5rem}
.inner{gap:1.5rem 2.5rem;margin-block:1.25rem}
.note{border-inline-start:5px solid var(--accent)}
.note [dir=auto]{display:block}
code{font:600 1em/1.4 ui-monospace,monospace;overflow-wrap:anywhere;user-select:all;unicode-bidi:isolate}
b{font-weight:650}
.quick,.choices{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;padding:0;list-style:none}
.choices{gap:.5rem}
:is(.quick,.choices) li{padding:0;margin:0}
.quick a{display:block;padding-block:.55rem}
.link{display:block;width:fit-content;min-width:2.75rem;padding-block:.55rem}
#help li{margin:0}
.choices a{display:flex;align-items:center;gap:.5rem;min-height:2.75rem;padding:.25rem .75rem;border:2px solid var(--line);border-radius:10px;background:var(--card);color:var(--text);text-decoration:none}
.choices a:hover{text-decoration:underline}
:is(.choices,.lang) [aria-current],${current}{border-color:var(--accent);font-weight:650}
.icon{width:1.375rem;height:1.375rem;flex:none;fill:none;stroke:var(--accent);stroke-width:1.75;stroke-linecap:round;stroke-linejoin:round}
.devices{margin-block:1rem .5rem}
.guide{margin-top:1.25rem;scroll-margin-top:1rem}
.guide+p{margin-top:.875rem}
.guide h3{font-size:1.1875rem}
:is(.fold,.open)>h2{margin:0}
:is(.fold:target,.open)>h2{margin-bottom:.75rem}
:is(.fold,.open) h2 a{display:flex;align-items:center;gap:.75rem;min-height:2.75rem;color:var(--text);text-decoration:none}
.fold:not(:target) h2 a::after{content:"";width:.5rem;height:.5rem;margin-inline-start:auto;border:solid var(--soft);border-width:0 2px 2px 0;rotate:45deg;flex:none}
.meaning{display:block;line-height:1.3}
table{width:100%;table-layout:fixed;border-collapse:collapse}
.servers:nth-of-type(2){margin-top:1.75rem}
table+p{margin-top:.75rem}
caption{text-align:start;font-weight:650;padding-bottom:.5rem}
th,td{text-align:start;vertical-align:baseline;padding:.65rem .5rem;border-top:1px solid var(--line)}
th:first-child{padding-inline-start:0;width:21%}
:is(th,td):last-child{padding-inline-end:0}
thead th{border:0;hyphens:auto;padding-top:0;vertical-align:bottom;font-size:.85em;font-weight:500;color:var(--soft)}
tbody th{font-weight:650}
.servers th:nth-child(2){width:29%}
.servers th:nth-child(3){width:11%}
.login *,.list *{border:0}
.login :is(tbody,tr,th,td){display:block;width:auto;padding:0}
.login th{color:var(--soft);font-weight:500}
.login td{margin-bottom:.75rem}
.login :is(code,i){font-size:1.1875em}
mark,th small{display:inline-block;margin-inline-start:.25em;font-size:.8125em;font-weight:600;line-height:1.5;border:1px solid;border-radius:1rem;padding:0 .6em;background:none;color:var(--accent);white-space:nowrap}
th small{color:var(--soft)}
label{display:block;font-weight:600;margin-bottom:.375rem}
.row{display:flex;flex-wrap:wrap;gap:.75rem;margin-bottom:.75rem}
input{flex:1 1 15rem;min-width:0;font:inherit;color:inherit;background:var(--page);border:1px solid var(--soft);border-radius:10px;padding:.65rem .875rem}
[dir=rtl] #email{text-align:end}
::placeholder{color:var(--soft);opacity:1}
input[aria-invalid]{border:2px solid var(--bad)}
.error{color:var(--bad);font-weight:600}
button,.button{display:inline-block;font:inherit;font-weight:600;color:var(--accent);background:none;border:2px solid var(--accent);border-radius:10px;padding:.6rem 1.25rem;text-decoration:none;cursor:pointer}
.main{background:var(--accent);color:var(--on)}
button:hover,.button:hover{text-decoration:underline}
.copy{position:relative;vertical-align:middle;width:2.75rem;height:2.75rem;padding:0;margin:-.625rem -.5rem;border:0}
.copy::before,.copy::after{content:"";position:absolute;inset:.9375rem 1.125rem 1.0625rem .9375rem;border:1.5px solid;border-radius:3px}
.copy::after{inset:1.0625rem .9375rem .9375rem 1.125rem;background:var(--card)}
.copy.done::before{content:"\u2713";inset:0;border:0;line-height:2.75rem}
.copy.done::after{content:none}
summary{cursor:pointer;padding-block:.55rem}
details[open]>summary{margin-bottom:.5rem}
.trap{border-inline-start:5px solid var(--accent);padding-inline-start:.875rem}
figure svg{display:block;width:11.5rem;height:11.5rem;flex:none;border:1px solid var(--line);border-radius:10px}
figure{display:flex;flex-wrap:wrap;align-content:start;gap:1rem 1.75rem}
figcaption{flex:1 1 17rem;min-width:0}
.card figure{margin:0}
figure code{font-size:.8125rem;font-weight:400}
.lang{position:relative}
.lang[open]>summary{margin:0}
.lang summary{min-height:2.75rem;padding:.5rem .75rem;border:1px solid var(--line);border-radius:10px}
.lang ul{position:absolute;inset-inline-end:0;z-index:1;list-style:none;margin:.25rem 0 0;padding:.5rem;background:var(--card);border:1px solid var(--line);border-radius:10px}
.lang a{display:block;padding:.55rem .75rem;white-space:nowrap}
.lang [aria-current]{border-inline-start:3px solid}
@media screen{.fold:not(:target)>:not(h2){display:none}
@supports selector(:has(a)){.guide:not(:target){display:none}
.first:not(:has(:target)) .guide:nth-child(3){display:block}}}
@media screen and (max-width:48rem),screen and (max-height:30rem){.wide{display:none!important}}
@media screen and (max-width:56rem){thead{position:absolute;clip-path:inset(50%)}
table,tbody,tr,th,td,caption{display:block;width:auto!important}
tr{border-top:1px solid var(--line);padding-block:.75rem}
tbody th,td{border:0;padding:.1rem 0}
.servers tbody tr{display:grid;grid-template-columns:2.2fr .8fr 1.7fr 1.5fr;gap:.25rem 1rem}
.servers tbody th{grid-column:1/-1}
td[data-label]::before{content:attr(data-label);display:block;font-size:.8125em;color:var(--soft)}
td[data-label]::before{content:attr(data-label)/""}}
@media screen and (max-width:36rem){.servers tbody tr{grid-template-columns:minmax(5rem,auto) minmax(0,1fr)}
.servers td:nth-child(2),.servers td:nth-child(5){grid-column:1/-1}
.login :is(code,i){font-size:1em}
.choices{gap:.375rem}
.choices a{height:100%;padding:.25rem .5rem;gap:.375rem;font-size:.9375rem;line-height:1.2}
.devices ul{display:grid;grid-template-columns:repeat(3,1fr)}
.devices a{flex-direction:column;justify-content:center;gap:.25rem;padding-block:.5rem;text-align:center}
#programs>ul{display:grid;grid-template-columns:repeat(auto-fill,minmax(8.5rem,1fr))}
#programs>ul>li:first-child{grid-column:1/-1}}
@media print{:root{font-size:9pt;color-scheme:light;--page:#fff;--card:#fff;--text:#000;--soft:#333;--accent:#000;--line:#999}
@page{size:A4;margin:10mm 14mm}
body{font-size:1rem;line-height:1.35;border:0}
header,main,footer{max-width:none;padding:0}
h1{font-size:16pt;margin:1mm 0 2mm}
h2,h3,.lead{font-size:11pt;margin-bottom:1.5mm}
:is(.fold,.open) h2{margin:0!important}
:is(.fold,.open) h2 a{min-height:0;color:#000}
.fold h2 a::after{display:none}
#help ul{display:flex;flex-wrap:wrap;gap:0 3rem;margin:0}
#help :is(p,li){margin:0}
.link{padding:0}
nav,form,button,.quick,.meaning,.screen,#programs,#profile,.skip,details,footer{display:none}
#help a::after{content:" \u2066"attr(href)"\u2069"}
main>p:last-child{display:none}
section{margin-block:2mm;break-inside:avoid}
.card{padding:2mm 4mm;border-radius:2mm}
.pair{grid-template-columns:repeat(auto-fit,minmax(60mm,1fr));gap:4mm}
.inner{margin:0}
th,td{padding:.4mm 1.5mm}
th:first-child{width:22%}
.servers th:nth-child(2){width:34%}
.servers th:nth-child(3){width:8%}
.list thead{display:none}
.list th:first-child{width:36%}
.login tbody{display:grid;grid-template-columns:repeat(auto-fit,minmax(45mm,1fr));gap:0 4mm}
.login th:first-child{width:auto}
.login td{margin:0}
figure{display:grid;grid-template-columns:auto 1fr;gap:4mm}
figure svg{width:26mm;height:26mm}
p,ol{margin-bottom:1.5mm}
.servers:nth-of-type(2){margin-top:2mm}
caption{padding-bottom:0}}
`

const css = withoutLines(rules)
const sheet = parseStyle(css)

/** @returns the content of a style element, with all rules */
export function style(brand: Pick<Brand, 'accent' | 'accentDark'>): Html {
  return { html: colors(brand) + css }
}

/** @returns the content of a style element, with the rules for a page that has this markup */
export function styleOf(markup: string, brand: Pick<Brand, 'accent' | 'accentDark'>): Html {
  return { html: colors(brand) + usedStyle(sheet, markup) }
}

function colors({ accent, accentDark }: Pick<Brand, 'accent' | 'accentDark'>): string {
  return withoutLines(html`
:root{color-scheme:light dark;--page:${light.page};--card:${light.card};--text:#1a2027;--soft:#56606b;--line:#d5dce3;--accent:${accent};--on:#fff;--bad:#b3261e}
@media(prefers-color-scheme:dark){:root{--page:${dark.page};--card:${dark.card};--text:#e8ecf0;--soft:#a9b4bf;--line:#3a4550;--accent:${accentDark};--on:${dark.page};--bad:#ff9a91}}
`)
}

function withoutLines({ html }: Html): string {
  return html.replaceAll('\n', '')
}
