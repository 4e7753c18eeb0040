/**
 * Which programs the page explains on which device, the recommended one first.
 */
import type { ProgramId } from '../words/messages.ts'
import type { Device } from './choose-device.ts'

export const programsOf: Readonly<Record<Device, readonly ProgramId[]>> = {
  iphone: ['iphone', 'outlook', 'spark', 'deltaChat'],
  android: ['thunderbirdAndroid', 'fairemail', 'gmail', 'samsung', 'outlook', 'k9', 'spark', 'deltaChat', 'davx5'],
  windows: ['thunderbird', 'outlookNew', 'outlookClassic', 'emClient', 'deltaChat'],
  mac: ['mac', 'thunderbird', 'outlook', 'spark', 'emClient', 'deltaChat'],
  linux: ['thunderbird', 'evolution', 'kmail', 'geary', 'deltaChat'],
  other: ['thunderbird', 'deltaChat']
}
