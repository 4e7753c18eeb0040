/**
 * The style of every page, with a provider's colours: CSS without anything from elsewhere. Sides are logical, so that it
 * is right for languages that are written from right to left.
 */
import { type Html, html } from '../formats/html.ts'
import type { Brand } from '../settings/brand.ts'
import { pageColors } from '../settings/page-colors.ts'

const { light, dark } = pageColors

/** @returns the text of a style element */
export function style({ accent, accentDark }: Pick<Brand, 'accent' | 'accentDark'>): Html {
  const { html: css } = html`
:root{color-scheme:light dark;--page:${light.page};--card:${light.card};--text:#1a2027;--soft:#56606b;--line:#d5dce3;--accent:${accent};--on:#fff;--bad:#b3261e}
@media(prefers-color-scheme:dark){:root{--page:${dark.page};--card:${dark.card};--text:#e8ecf0;--soft:#a9b4bf;--line:#3a4550;--accent:${accentDark};--on:${dark.page};--bad:#ff9a91}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:1.0625rem/1.6 system-ui,sans-serif;overflow-wrap:break-word}
header,main,footer{max-width:60rem;margin:auto;padding:1rem clamp(1rem,4vw,2rem)}
header{display:flex;justify-content:space-between;align-items:center;gap:1rem;padding-block:1.25rem}
.brand{font-weight:650;font-size:1.125rem}
.brand img{display:block;height:2.5rem;max-width:12rem}
h1{font-size:clamp(1.6rem,5vw,2.25rem);line-height:1.2;letter-spacing:-.015em;margin:1rem 0 .75rem;text-wrap:balance}
h2{font-size:1.25rem;line-height:1.3;margin:0 0 .75rem}
h3{font-size:1.0625rem;margin:.25rem 0 .5rem}
p,ol,ul,figure{margin:0 0 .875rem}
p:last-child,ol:last-child,ul:last-child{margin-bottom:0}
ol,ul{padding-inline-start:1.5rem}
li{padding-inline-start:.25rem;margin-bottom:.375rem}
.lead{font-size:1.1875rem;max-width:44rem}
.soft,small,figcaption details{color:var(--soft)}
small,.soft{font-size:.9375rem}
a{color:var(--accent);text-underline-offset:.2em}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:4px}
.skip{position:absolute;inset-inline-start:-999rem}
.skip:focus{inset-inline-start:1rem;top:1rem;background:var(--card);padding:.75rem 1rem}
section,form.card{margin-block:1.5rem}
.card{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:clamp(1rem,3vw,1.75rem)}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,21rem),1fr));gap:1.5rem}
.note{border-inline-start:5px solid var(--accent)}
code{font:600 1.0625em/1.4 ui-monospace,monospace;overflow-wrap:anywhere;user-select:all;unicode-bidi:isolate}
i{color:var(--soft)}
b{font-weight:650}
table{width:100%;border-collapse:collapse;text-align:start}
caption{text-align:start;font-weight:650;font-size:1.125rem;padding-bottom:.5rem}
table+table{margin-top:2rem}
th,td{text-align:start;vertical-align:baseline;padding:.7rem .75rem;border-top:1px solid var(--line)}
th:first-child{padding-inline-start:0}
thead th{border:0;padding-top:0;font-size:.9375rem;font-weight:500;color:var(--soft)}
tbody th{font-weight:650}
mark,th small{display:inline-block;font-size:.8125rem;font-weight:600;line-height:1.5;border:1px solid;border-radius:1rem;padding:0 .6em;margin-inline-start:.25rem;background:none;color:var(--accent)}
th small{color:var(--soft)}
label{display:block;font-weight:600;margin-bottom:.375rem}
.row{display:flex;flex-wrap:wrap;gap:.75rem;margin-bottom:.75rem}
input{flex:1 1 15rem;min-width:0;font:inherit;color:inherit;background:var(--page);border:1px solid var(--soft);border-radius:10px;padding:.65rem .875rem}
[dir=rtl] input[dir=ltr]{text-align:end}
input[aria-invalid]{border:2px solid var(--bad)}
.error{color:var(--bad);font-weight:600}
button,.button{display:inline-block;font:inherit;font-weight:600;color:var(--accent);background:none;border:2px solid var(--accent);border-radius:10px;padding:.6rem 1.25rem;text-decoration:none;cursor:pointer}
.main{background:var(--accent);color:var(--on)}
button:hover,.button:hover{text-decoration:underline}
td button{font-size:.8125rem;padding:.125rem .6rem;border-width:1px;margin-inline-start:.6rem}
.quick{display:flex;flex-wrap:wrap;gap:.5rem 1.25rem;padding:0;list-style:none}
summary{cursor:pointer;padding-block:.35rem}
details[open]>summary{margin-bottom:.5rem}
.fold details{background:var(--card);border:1px solid var(--line);padding:.35rem 1.25rem;margin-top:-1px}
.fold details:first-child{border-start-start-radius:14px;border-start-end-radius:14px}
.fold details:last-child{border-end-start-radius:14px;border-end-end-radius:14px}
.fold summary{padding-block:.65rem}
.fold summary span{font-weight:650}
.fold details[open]{padding-bottom:1.25rem}
.trap{border-inline-start:5px solid var(--accent);padding-inline-start:.875rem}
figure{display:flex;flex-wrap:wrap;gap:1.25rem}
figure svg{width:11rem;height:11rem;border-radius:8px;flex:none}
figcaption{flex:1 1 12rem;min-width:0}
figcaption code{font-size:.8125rem;font-weight:400}
.lang{position:relative}
.lang summary{padding:.5rem .75rem;border:1px solid var(--line);border-radius:10px}
.lang ul{position:absolute;inset-inline-end:0;z-index:1;list-style:none;margin:.25rem 0 0;padding:.5rem;background:var(--card);border:1px solid var(--line);border-radius:10px}
.lang a{display:block;padding:.4rem .75rem;white-space:nowrap}
footer{color:var(--soft);font-size:.9375rem;padding-block:1rem 3rem;display:flex;flex-wrap:wrap;justify-content:space-between;align-items:center;gap:1rem}
@media(max-width:46rem){thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
table,tbody,tr,th,td,caption{display:block}
tr{border-top:1px solid var(--line);padding-block:.6rem}
tbody th,td{border:0;padding:.15rem 0}
td[data-label]{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 1rem}
td[data-label]::before{content:attr(data-label);color:var(--soft)}
td[data-label]::before{content:attr(data-label)/""}
td[data-label] code{text-align:end}}
@media print{:root{color-scheme:light;--page:#fff;--card:#fff;--text:#000;--soft:#333;--accent:#000;--line:#999}
@page{size:A4;margin:14mm}
body{font-size:9.5pt;line-height:1.4}
header,main,footer{max-width:none;padding:0}
h1{font-size:18pt;margin:2mm 0}
.lang,.quick,.skip,form,button,#programs,#profile,.button,figcaption details,footer{display:none}
section{margin-block:3mm;break-inside:avoid}
.card{padding:3mm 4mm;border-radius:2mm}
th,td{padding-block:1mm}
figure svg{width:32mm;height:32mm}
.lead{font-size:11pt}
table+table{margin-top:4mm}}
`
  return { html: css.replaceAll('\n', '') }
}
