/**
 * The only script of the console: copy buttons, and the live progress of an examination. Everything else works without it.
 */
import { type Html, html } from '../../formats/html.ts'

const source = html`
const said=document.createElement('p');said.className='skip';said.setAttribute('role','status');document.body.append(said)
if(navigator.clipboard)for(const code of document.querySelectorAll('.copyable')){const it=document.createElement('button');it.type='button';it.className='copy';it.title='Copy';it.setAttribute('aria-label','Copy '+code.textContent);it.onclick=async()=>{await navigator.clipboard.writeText(code.textContent);it.classList.add('done');said.textContent='Copied';setTimeout(()=>{it.classList.remove('done');said.textContent=''},2000)};code.after(it)}
const bar=document.querySelector('progress')
if(bar){const events=new EventSource('/check/events'),text=document.querySelector('#step');events.onmessage=({data})=>{const {done,all,step}=JSON.parse(data);bar.max=Math.max(all,1);bar.value=done;text.textContent=step};events.addEventListener('end',()=>{events.close();location.reload()})}
`

export const script: Html = { html: source.html.trim() }
