import t from 'tap'
import type { Client, Discovery, FoundAccount } from '../../../src/clients/model/client.ts'
import { typeInNativeScript } from '../../../src/clients/model/native-script.ts'
import { fakeWorld } from '../../support/clients/fake-world.ts'
import { imap, smtp } from '../../support/clients/plain-document.ts'

const address = { localPart: 'jane', domain: 'xn--bcher-kva.example', text: 'jane@xn--bcher-kva.example' }
const account = (username: string | undefined): FoundAccount => {
  return { incoming: { ...imap, username: 'jane' }, outgoing: { ...smtp, username }, from: 'x' }
}
const client = (name: string, found: FoundAccount | undefined): Client => ({
  name,
  title: name,
  ...{ release: '', source: '', takes: '' },
  discover: async (): Promise<Discovery> => ({ account: found, reason: found && 'nothing', trace: [] })
})
const world = fakeWorld({})

t.test('native script: an address in ASCII has no other form', async t => {
  const searched = [{ client: client('a', undefined), found: account('jane') }]
  const ascii = { localPart: 'jane', domain: 'example.com', text: 'jane@example.com' }
  t.equal(await typeInNativeScript(ascii, searched, world), undefined)
})

t.test('native script: programs that find settings only for A-labels are listed', async t => {
  const lost = client('lost', undefined)
  const script = await typeInNativeScript(
    address,
    [
      { client: lost, found: account('jane') },
      { client: client('never finds any', undefined), found: undefined },
      { client: client('finds both', account('jane')), found: account('jane') }
    ],
    world
  )
  t.same(script, { ascii: address.text, typed: 'jane@bücher.example', lost: [lost], logsInAsTyped: [] })
})

t.test('native script: programs log in as typed if they have no login name or one with U-labels', async t => {
  const named = client('named', account('jane@bücher.example'))
  const unnamed = client('unnamed', account(undefined))
  const programs = [named, unnamed, client('local part', account('jane')), client('ASCII', account(address.text))]
  const script = await typeInNativeScript(
    address,
    programs.map(each => ({ client: each, found: account('jane') })),
    world
  )
  t.same(script?.logsInAsTyped, [named, unnamed])
  const receivingOnly = client('receiving only', { ...account('jane'), outgoing: undefined })
  const other = await typeInNativeScript(address, [{ client: receivingOnly, found: account('jane') }], world)
  t.same(other?.logsInAsTyped, [])
})
