/**
 * Chooses the device that a page explains: `?device=`, then Sec-CH-UA-Platform (User-Agent Client Hints 3.6), then User-Agent.
 */

/** Devices in the order of their links. An iPad asks for pages as a Mac does, and `other` is everything else. */
export const devices = ['iphone', 'android', 'windows', 'mac', 'linux', 'other'] as const

export type Device = (typeof devices)[number]

export interface ChosenDevice {
  readonly device: Device
  /** Whether the visitor has chosen it. Otherwise it is a guess from `guessHeaders`. */
  readonly isChosen: boolean
}

/** Headers of a request, as received. */
export interface DeviceHeaders {
  readonly platform: string | undefined
  readonly userAgent: string | undefined
}

/** The names of the headers that a guess depends on. */
export const guessHeaders = ['sec-ch-ua-platform', 'user-agent'] as const

// Spec: User-Agent Client Hints 3.6: the value is a string in quotes (RFC 9651 3.3.3), such as "Windows".
const platforms = new Map<string, Device>([
  ['"Android"', 'android'],
  ['"iOS"', 'iphone'],
  ['"Linux"', 'linux'],
  ['"macOS"', 'mac'],
  ['"Windows"', 'windows']
])

/**
 * Parts of User-Agent. Why the order: Android calls itself Linux, an iPhone says "like Mac OS X", a Windows phone says that it is
 * Android and an iPhone, and a Tizen phone that it is Linux.
 */
const systems: readonly (readonly [part: string, device: Device])[] = [
  ['Windows Phone', 'other'],
  ['Tizen', 'other'],
  ['iPhone', 'iphone'],
  ['iPad', 'iphone'],
  ['iPod', 'iphone'],
  ['Android', 'android'],
  ['Windows NT', 'windows'],
  ['Macintosh', 'mac'],
  ['Linux', 'linux']
]

// Why: browsers name the system in the first 100 characters. Longer headers are not worth the time.
const userAgentLimit = 200

/** @returns the parameter `device` of a link to another page, if the visitor has chosen one */
export function keptDevice(chosen: Device | undefined): string {
  return chosen === undefined ? '' : `device=${chosen}&`
}

/**
 * @param asked the parameter `device` of the query; ignored unless it names a device
 * @returns `other` if the device is unknown
 */
export function chooseDevice(asked: string | undefined, headers: DeviceHeaders): ChosenDevice {
  const chosen = devices.find(device => device === asked?.toLowerCase())
  return chosen === undefined ? { device: guess(headers), isChosen: false } : { device: chosen, isChosen: true }
}

function guess({ platform = '', userAgent = '' }: DeviceHeaders): Device {
  const start = userAgent.slice(0, userAgentLimit)
  return platforms.get(platform) ?? systems.find(([part]) => start.includes(part))?.[1] ?? 'other'
}
