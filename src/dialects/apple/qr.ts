/**
 * The https URL of a person's Apple profile, short enough for a QR code: the camera of an iPhone opens it in Safari.
 */
import { toPersonName } from '../../settings/person-name.ts'
import { badName, type QrPayload, type QrSubject } from '../qr-payload.ts'
import { writerOf } from '../writer-of.ts'
import { apple } from './profile.ts'

/** @param publicUrl where this service is reached, if not at autoconfig.<domain> */
export function appleQr({ provider, address, personName }: QrSubject, publicUrl: string | undefined): QrPayload {
  if (writerOf(apple, provider) === undefined) return { reason: 'there is no Apple profile for this domain' }
  const { domain } = address
  const origin = publicUrl ?? `https://autoconfig.${domain}`
  if (personName === undefined) return { payload: origin + apple.httpsPath({ domain, address }) }
  const name = toPersonName(personName)
  return name === undefined ? badName : { payload: origin + apple.httpsPath({ domain, address, personName: name }) }
}
