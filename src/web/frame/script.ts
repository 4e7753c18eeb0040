/**
 * What the page can do where JavaScript runs: buttons that copy a value and one that prints. Their words stand in the page,
 * so that the script is the same in every language.
 */
import { type Html, html } from '../../formats/html.ts'

const source = html`
const {copy,copied,print:toPrint}=document.body.dataset
const button=(text,click)=>{const it=document.createElement('button');it.type='button';it.textContent=text;it.onclick=click;return it}
let timer,undo=()=>{}
const said=document.createElement('p');said.className='skip';said.setAttribute('role','status');document.body.append(said)
if(navigator.clipboard)for(const code of document.querySelectorAll('td code')){const it=button('',async()=>{await navigator.clipboard.writeText(code.textContent);undo();it.classList.add('done');said.textContent=copied+' '+code.textContent;clearTimeout(timer);timer=setTimeout(undo=()=>{it.classList.remove('done');said.textContent=''},2000)});it.className='copy';it.title=copy;it.setAttribute('aria-label',copy+' '+code.textContent);code.after(it)}
document.querySelector('footer').append(button(toPrint,()=>print()))
`

/** The text of a script element. */
export const script: Html = { html: source.html.trim() }
