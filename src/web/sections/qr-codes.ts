/**
 * QR codes for phones: the URL of the Apple profile, and the account for Thunderbird for Android.
 */
import { appleQr, type QrInput, type QrPayload, thunderbirdQr } from '../../dialects/qr-payload.ts'
import { type Html, html } from '../../formats/html.ts'
import { type QrLevel, qrPath, toQrCode } from '../../formats/qr.ts'
import type { Device } from '../devices/choose-device.ts'
import type { SetupView } from '../pages/setup-view.ts'
import { plainText, richText, type SlotValues, steps } from '../words/rich-text.ts'

/** The text of a code, its width in modules including the quiet zone, and the path of its dark modules. */
export interface QrDrawing {
  readonly text: string
  readonly size: string
  readonly path: string
}

export interface QrCodes {
  readonly apple: QrDrawing | undefined
  readonly thunderbird: QrDrawing | undefined
}

/**
 * The codes of one person: both, unless the person sets up one kind of phone.
 *
 * @param origin of this service, if it is not autoconfig.<domain>
 */
export function qrCodes(subject: QrInput, origin: string | undefined, { device }: { device: Device }): QrCodes {
  return {
    apple: device === 'android' ? undefined : drawing(appleQr(subject, origin), 'M'),
    // Why: Thunderbird's own export uses L, too. Codes of higher levels are harder to scan from a screen.
    thunderbird: device === 'iphone' ? undefined : drawing(thunderbirdQr(subject), 'L')
  }
}

function drawing(written: QrPayload, level: QrLevel): QrDrawing | undefined {
  if ('reason' in written) return undefined
  const code = toQrCode(written.payload, level)
  return { text: written.payload, size: String(code.length), path: qrPath(code) }
}

interface QrFigure {
  /** Text for screen readers. */
  readonly alt: string
  /** Above the instructions, if there are several codes. */
  readonly heading: Html | undefined
  /** Instructions. */
  readonly text: Html
  /** Label of the folded text of the code. */
  readonly asText: string
}

/**
 * A code with its content as text. It is always dark on light, because many readers cannot read inverted codes. Narrow screens
 * do not show it, since a phone cannot photograph itself.
 */
function qrFigure({ heading, alt, text, asText }: QrFigure, { text: content, size, path }: QrDrawing): Html {
  return html`<figure><svg viewBox="0 0 ${size} ${size}" role="img" shape-rendering="crispEdges"><title>${alt}</title><path fill="#fff" d="M0 0h${size}v${size}H0z"/><path stroke="#000" d="${path}"/></svg>
<figcaption>${heading}${text}
<details><summary>${asText}</summary><p><code translate="no" dir="ltr">${content}</code></p></details></figcaption></figure>
`
}

/** @returns undefined if there are no codes */
export function qrCard(view: SetupView, values: SlotValues): Html | undefined {
  const figures = [appleFigure(view, values), thunderbirdFigure(view, values)].filter(figure => figure !== undefined)
  if (figures.length === 0) return undefined
  const { heading, thunderbird, noPassword } = view.messages.qr
  // Why `wide`: on a phone, the button for the profile does what its code does, and Thunderbird finds the settings itself.
  return html`<section class="card wide" id="codes"><h2>${view.device === 'android' ? thunderbird : heading}</h2><div class="pair inner">${figures}</div>
<p class="soft">${noPassword}</p></section>
`
}

function appleFigure({ messages, device, person, profile }: SetupView, values: SlotValues): Html | undefined {
  if (person === undefined || profile === undefined || device === 'android') return undefined
  const { apple, appleAlt, appleText, asText } = messages.qr
  const isElsewhere = device !== 'iphone' && device !== 'mac'
  const guide = html`<p class="screen"><a class="link" href="/setup?email=${person.addressInUrl}&amp;device=iphone&amp;lang=${messages.code}">${messages.apple.heading}</a></p>`
  const text = html`<p>${richText(appleText, values)}</p>${isElsewhere ? guide : undefined}`
  return qrFigure(
    { heading: html`<h3>${apple}</h3>`, alt: plainText(appleAlt, {}), text, asText },
    { text: person.appleText, size: person.appleSize, path: person.applePath }
  )
}

function thunderbirdFigure(
  { messages, device, person, hasThunderbirdCode }: SetupView,
  values: SlotValues
): Html | undefined {
  if (person === undefined || !hasThunderbirdCode) return undefined
  const { thunderbird, thunderbirdAlt, thunderbirdText, thunderbirdSteps, asText } = messages.qr
  const text = html`<p><strong>${richText(thunderbirdText, values)}</strong></p><div class="screen">${steps(thunderbirdSteps, values)}</div>`
  return qrFigure(
    {
      heading: device === 'android' ? undefined : html`<h3>${thunderbird}</h3>`,
      alt: plainText(thunderbirdAlt, {}),
      text,
      asText
    },
    { text: person.thunderbirdText, size: person.thunderbirdSize, path: person.thunderbirdPath }
  )
}
