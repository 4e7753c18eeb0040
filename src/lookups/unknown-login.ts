/**
 * The log-in name that an address gets which nobody has: as real ones look, and always the same.
 */
import { createHmac } from 'node:crypto'
import { expand, unknownDigits, unknownLetters, unknownSigns } from '../settings/placeholder.ts'

/**
 * Why of a hash with a key: a name that changed from question to question would tell that it is made up, and so would one
 * that anybody can work out.
 * @param pattern placeholders, `#` for a digit and `?` for a letter
 * @param secret the key
 * @returns the name of an address in small letters
 */
export function createUnknownLogin(pattern: string, secret: string): (address: string) => string {
  return address => {
    // Why SHA-512: 64 letters take 301 bits of it, so that each is as likely as any other.
    let number = BigInt(`0x${createHmac('sha512', secret).update(address).digest('hex')}`)
    const choose = (from: string) => {
      const count = BigInt(from.length)
      const at = Number(number % count)
      number /= count
      return from.charAt(at)
    }
    const at = address.lastIndexOf('@')
    return expand(
      pattern.replace(unknownSigns, sign => choose(sign === '#' ? unknownDigits : unknownLetters)),
      { '%EMAILADDRESS%': address, '%EMAILLOCALPART%': address.slice(0, at), '%EMAILDOMAIN%': address.slice(at + 1) }
    )
  }
}
