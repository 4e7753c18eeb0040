import fc from 'fast-check'
import t from 'tap'
import { chooseDevice, devices } from '../../../src/web/devices/choose-device.ts'

const none = { platform: undefined, userAgent: undefined }
const guessed = (userAgent: string | undefined, platform?: string) =>
  chooseDevice(undefined, { platform, userAgent }).device

t.test('device: a chosen device overrides the headers, in any letter case', async t => {
  const headers = { platform: '"Android"', userAgent: undefined }
  t.same(chooseDevice('linux', headers), { device: 'linux', isChosen: true })
  t.same(chooseDevice('iPhone', headers), { device: 'iphone', isChosen: true })
  for (const unknown of [undefined, '', 'toaster', 'mac ', '__proto__']) {
    t.same(chooseDevice(unknown, headers), { device: 'android', isChosen: false }, unknown ?? 'none')
  }
})

t.test('device: is guessed from the User-Agent of real browsers', async t => {
  for (const [userAgent, device] of [
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148 Safari/604.1',
      'iphone'
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 CriOS/138.0 Mobile/15E148 Safari/604.1',
      'iphone'
    ],
    [
      'Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) AppleWebKit/605.1.15 Version/12.1 Mobile/15E148 Safari/604.1',
      'iphone'
    ],
    ['Mozilla/5.0 (iPod touch; CPU iPhone OS 12_0 like Mac OS X) AppleWebKit/605.1.15', 'iphone'],
    ['Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/138.0.0.0 Mobile Safari/537.36', 'android'],
    ['Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0', 'android'],
    [
      'Mozilla/5.0 (Windows Phone 10.0; Android 6.0.1; Microsoft; Lumia 950) AppleWebKit/537.36 Chrome/52.0 Mobile Safari/537.36 Edge/15',
      'other'
    ],
    [
      'Mozilla/5.0 (Mobile; Windows Phone 8.1; Android 4.0; ARM; Trident/7.0; Touch; rv:11.0; IEMobile/11.0; NOKIA; Lumia 520) like iPhone OS 7_0_3 Mac OS X AppleWebKit/537 (KHTML, like Gecko) Mobile Safari/537',
      'other'
    ],
    ['Mozilla/5.0 (Linux; Tizen 2.3; SAMSUNG SM-Z130H) AppleWebKit/537.3 Mobile Safari/537.3', 'other'],
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0', 'windows'],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.5 Safari/605.1.15', 'mac'],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'linux'],
    ['Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 Chrome/138.0.0.0 Safari/537.36', 'other'],
    ['curl/8.14.1', 'other'],
    ['', 'other'],
    [undefined, 'other']
  ] as const) {
    t.equal(guessed(userAgent), device, userAgent ?? 'no User-Agent')
  }
})

t.test('device: Sec-CH-UA-Platform is preferred to User-Agent', async t => {
  const frozen = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/138.0.0.0 Safari/537.36'
  for (const [platform, device] of [
    ['"Android"', 'android'],
    ['"iOS"', 'iphone'],
    ['"Linux"', 'linux'],
    ['"macOS"', 'mac'],
    ['"Windows"', 'windows']
  ] as const) {
    t.equal(guessed(frozen, platform), device)
  }
  t.equal(guessed(frozen, '"Chrome OS"'), 'linux', 'an unknown platform is ignored')
  t.equal(guessed(frozen, 'Windows'), 'linux', 'a platform without quotes is ignored')
})

t.test('device: only the beginning of a long User-Agent is read', async t => {
  t.equal(guessed(`${'x'.repeat(300)} (iPhone)`), 'other')
})

t.test('device: the result is one of the known devices for any headers', async () => {
  fc.assert(
    fc.property(fc.option(fc.string(), { nil: undefined }), fc.string(), fc.string(), (chosen, platform, userAgent) =>
      devices.includes(chooseDevice(chosen, { platform, userAgent }).device)
    )
  )
  t.equal(chooseDevice(undefined, none).device, 'other')
})
