/**
 * The codes for phones: the Apple profile's URL, and the account for Thunderbird for Android.
 */
import { type Html, html } from '../../formats/html.ts'
import type { SetupView } from '../pages/setup-view.ts'
import { plainText } from '../words/plain-text.ts'
import { richText, richTexts, type SlotValues } from '../words/rich-text.ts'
import { qrFigure } from './qr-figure.ts'
import { steps } from './steps.ts'

/** @returns undefined where there is no code */
export function qrCard(view: SetupView, values: SlotValues): Html | undefined {
  const figures = [appleFigure(view, values), thunderbirdFigure(view, values)].filter(figure => figure !== undefined)
  if (figures.length === 0) return undefined
  const { heading, noPassword } = view.messages.qr
  return html`<section class="card" id="codes"><h2>${heading}</h2><div class="pair">${figures}</div>
<p class="soft">${noPassword}</p></section>
`
}

function appleFigure({ messages, person, profile }: SetupView, values: SlotValues): Html | undefined {
  if (person === undefined || profile === undefined) return undefined
  const { apple, appleAlt, appleText, asText } = messages.qr
  return qrFigure(
    { heading: apple, alt: plainText(appleAlt, {}), text: html`<p>${richText(appleText, values)}</p>`, asText },
    { text: person.appleText, size: person.appleSize, path: person.applePath }
  )
}

function thunderbirdFigure({ messages, person, hasThunderbirdCode }: SetupView, values: SlotValues): Html | undefined {
  if (person === undefined || !hasThunderbirdCode) return undefined
  const { thunderbird, thunderbirdAlt, thunderbirdText, thunderbirdSteps, asText } = messages.qr
  const text = html`<p><strong>${richText(thunderbirdText, values)}</strong></p>${steps(richTexts(thunderbirdSteps, values))}`
  return qrFigure(
    { heading: thunderbird, alt: plainText(thunderbirdAlt, {}), text, asText },
    { text: person.thunderbirdText, size: person.thunderbirdSize, path: person.thunderbirdPath }
  )
}
