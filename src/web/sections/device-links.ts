/**
 * Links to the same page for other devices.
 */
import { type Html, html } from '../../formats/html.ts'
import { type Device, devices } from '../devices/choose-device.ts'
import { deviceIcon } from '../frame/icons.ts'
import type { SetupView } from '../pages/setup-view.ts'

/** As the vendors spell them, not translated. */
const names: Readonly<Record<Exclude<Device, 'other'>, string>> = {
  iphone: 'iPhone, iPad',
  android: 'Android',
  windows: 'Windows',
  mac: 'Mac',
  linux: 'Linux'
}

/** @param url of this page, up to its parameters for device and language */
export function deviceLinks({ messages, device: current }: SetupView, url: string): Html {
  const links = devices.map(device => {
    const name = device === 'other' ? messages.device.other : names[device]
    const mark = device === current ? html` aria-current="true"` : undefined
    return html`<li><a href="${url}device=${device}&amp;lang=${messages.code}" target="_self"${mark}>${deviceIcon(device)}${name}</a></li>`
  })
  return html`<nav class="devices" aria-label="${messages.device.heading}"><ul class="choices">${links}</ul></nav>
`
}
