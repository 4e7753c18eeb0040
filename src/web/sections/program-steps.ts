/**
 * How each program is set up, folded away below its name.
 */
import { type Html, html } from '../../formats/html.ts'
import type { SetupView } from '../pages/setup-view.ts'
import { richText, richTexts, type SlotValues } from '../words/rich-text.ts'
import { programs } from './program.ts'
import { steps } from './steps.ts'

/** @returns undefined where no program is for the provider */
export function programSteps({ provider, messages, profile, person }: SetupView, values: SlotValues): Html | undefined {
  const fitting = programs.filter(({ isFor }) => isFor(provider))
  if (fitting.length === 0) return undefined
  const { heading, lead, byHand, steps: words } = messages.programs
  const hasProfile = profile !== undefined && person !== undefined
  return html`<section id="programs"><h2>${heading}</h2><p>${lead}</p>
<div class="fold">${fitting.map(({ id, name, systems }) => {
    const { name: own = name, steps: texts, note } = words[id]
    const isApple = id === 'iphone' || id === 'mac'
    return html`<details><summary><span>${own}</span> <small>${systems}</small></summary>${isApple && hasProfile ? html`<p><a href="#profile">${messages.apple.quicker}</a></p>` : undefined}${steps(richTexts(texts, values))}${
      note === undefined ? undefined : html`<p class="soft">${richText(note, values)}</p>`
    }</details>
`
  })}</div>
<p class="soft">${byHand}</p></section>
`
}
