/**
 * Links and codes with which an administrator tries the setup of a domain on a phone or a computer.
 */

import { withExampleNames } from '../../conformance/example-names.ts'
import { appleQr, type QrPayload, thunderbirdQr } from '../../dialects/qr-payload.ts'
import { type Html, html } from '../../formats/html.ts'
import { qrPath, toQrCode } from '../../formats/qr.ts'
import { card, paragraphs, when } from '../frame/components.ts'
import type { FoundDomain } from './find-domain.ts'

export function tryCard({ domain, provider, person }: FoundDomain): Html {
  const origin = provider.publicUrl ?? `https://autoconfig.${domain}`
  const address = encodeURIComponent(person.address.text)
  const input = { ...withExampleNames(person), address: person.address, personName: undefined }
  const codes = [
    figure('Apple profile on an iPhone', appleQr(input, provider.publicUrl)),
    figure('Thunderbird for Android', thunderbirdQr(input))
  ]
  return card(
    { id: 'try', title: 'To try' },
    html`<ul>${when(provider.dialects.web, () => html`<li><a href="${origin}/setup?email=${address}">Setup page</a></li>`)}
${when(provider.dialects.apple, () => html`<li><a href="${origin}/email.mobileconfig?email=${address}">Apple profile</a></li>`)}</ul>`,
    paragraphs('The links and codes lead to the public address of this service, for the example address jane.doe.'),
    html`<div class="pair inner">${codes}</div>`
  )
}

function figure(title: string, written: QrPayload): Html {
  if ('reason' in written) return html`<p>${title}: ${written.reason}.</p>`
  const code = toQrCode(written.payload, 'L')
  const size = String(code.length)
  return html`<figure><svg viewBox="0 0 ${size} ${size}" role="img" shape-rendering="crispEdges"><title>${title}</title><path fill="#fff" d="M0 0h${size}v${size}H0z"/><path stroke="#000" d="${qrPath(code)}"/></svg><figcaption>${title}</figcaption></figure>`
}
