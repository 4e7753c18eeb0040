/**
 * The parts that all pages share: head, logo, language menu, footer, script, and icon.
 */
import { type Html, html } from '../../formats/html.ts'
import { type Brand, toBrand } from '../../settings/brand.ts'
import type { Provider } from '../../settings/provider.ts'
import { languages } from '../words/languages/index.ts'
import type { Messages } from '../words/messages.ts'
import { contentSecurityPolicy } from './content-security-policy.ts'
import { styleOf } from './style.ts'

export interface Page {
  readonly markup: string
  readonly policy: string
}

export interface Layout {
  readonly messages: Messages
  /** The provider of the page, if known. */
  readonly provider: Pick<Provider, 'name' | 'brand'> | undefined
  /** The title of the whole service, shown if the provider is not known. */
  readonly site?: string
  readonly title: string
  /** URL of this page up to the value of `lang`. */
  readonly languageUrl: string
  /** Whether the page contains values to copy and print. */
  readonly hasValues?: boolean
  /** Whether other websites can embed the page. */
  readonly embeddable?: boolean
}

const noBrand = toBrand({}, undefined)

export function layout(main: Html, options: Layout): Page {
  const { messages, provider, site, title, hasValues = false, embeddable = false } = options
  const { frame } = messages
  const brand = provider?.brand ?? noBrand
  const labels = hasValues
    ? html` data-copy="${frame.copy}" data-copied="${frame.copied}" data-print="${frame.print}"`
    : undefined
  const brandText = provider === undefined ? site && html`<bdi>${site}</bdi>` : brandName(provider)
  const root = html`<html lang="${messages.code}" dir="${messages.direction}">`
  const body = html`<body${labels}><a class="skip" href="#main">${frame.skip}</a>
<header><div class="brand">${brandText}</div>${menu(options)}</header>
<main id="main">
${main}</main>
<footer><span>${frame.footer}</span></footer>
`
  const css = styleOf(root.html + body.html + (hasValues ? madeByScript : ''), brand)
  const script = hasValues ? menuAndValues : menuOnly
  const { html: markup } = html`<!DOCTYPE html>
${root}
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">
<title>${title}</title>${base(embeddable)}<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(icon(brand))}"><style>${css}</style></head>
${body}<script>${script}</script></body></html>
`
  return { markup, policy: contentSecurityPolicy(css, script, { embeddable }) }
}

/** Why: links and forms of an embedded page must open in the whole window. */
function base(embeddable: boolean): Html | undefined {
  return embeddable ? html`<base target="_top">` : undefined
}

function brandName({ name, brand: { logo } }: Pick<Provider, 'name' | 'brand'>): Html {
  return logo === undefined ? html`<bdi>${name}</bdi>` : html`<img src="${logo}" alt="${name}">`
}

function menu({ messages, languageUrl, embeddable }: Layout): Html {
  const { code: current, name, frame } = messages
  const target = embeddable ? html` target="_self"` : undefined
  const links = languages.map(({ code, name }) => {
    const mark = code === current ? html` aria-current="true"` : undefined
    return html`<li><a href="${languageUrl}${code}"${target} lang="${code}"${mark}>${name}</a></li>`
  })
  return html`<nav aria-label="${frame.language}"><details class="lang"><summary><span class="skip">${frame.language}: </span>${name}</summary><ul>${links}</ul></details></nav>`
}

/** The browser icon: an envelope in the colour of the provider, as a short SVG. */
export function icon({ accent }: Pick<Brand, 'accent'>): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="${accent}"/><path d="M7 10h18v12H7zl9 7 9-7" fill="none" stroke="#fff" stroke-width="2" stroke-linejoin="round"/></svg>`
}

/** If JavaScript is enabled: Esc and clicks elsewhere close the language menu. */
const menuOnly: Html = html`const menu=document.querySelector('.lang')
addEventListener('click',({target})=>{if(!menu.contains(target))menu.open=false})
addEventListener('keydown',({key})=>{if(key==='Escape'&&menu.open){menu.open=false;menu.firstChild.focus()}})`

/**
 * If JavaScript is enabled: pages with values also have buttons that copy and print. Their labels are in the page, so that
 * the script is the same in all languages.
 */
const menuAndValues: Html = html`${menuOnly}
const {copy,copied,print:toPrint}=document.body.dataset
const button=(text,click)=>{const it=document.createElement('button');it.type='button';it.textContent=text;it.onclick=click;return it}
let timer,undo=()=>{}
const said=document.createElement('p');said.className='skip';said.setAttribute('role','status');document.body.append(said)
if(navigator.clipboard)for(const code of document.querySelectorAll('td code')){const it=button('',async()=>{await navigator.clipboard.writeText(code.textContent);undo();it.classList.add('done');said.textContent=copied+' '+code.textContent;clearTimeout(timer);timer=setTimeout(undo=()=>{it.classList.remove('done');said.textContent=''},2000)});it.className='copy';it.title=copy;it.setAttribute('aria-label',copy+' '+code.textContent);code.after(it)}
document.querySelector('footer').append(button(toPrint,()=>print()))`

/** What the script adds to a page with values, for its style. */
const madeByScript = '<button class="copy done"></button><p class="skip"></p>'
