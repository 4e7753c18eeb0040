import t from 'tap'
import { assumeLogin } from '../../../src/clients/dav/assumed-login.ts'
import { offers, principalOf } from '../../../src/clients/dav/dav-client.ts'
import { fakeWorld } from '../../support/clients/fake-world.ts'

const url = 'https://dav.example.com/'
const challenge = { status: 401, headers: { 'www-authenticate': 'Basic' } }

t.test('assumed login: a server that requires a login seems to respond as after the login', async t => {
  const world = assumeLogin(fakeWorld({ [`PROPFIND ${url}`]: challenge, [`OPTIONS ${url}`]: challenge }))
  const found = await world.exchange({ method: 'PROPFIND', url, headers: {} })
  t.equal(principalOf(found), '/')
  const options = await world.exchange({ method: 'OPTIONS', url, headers: {} })
  t.equal(options.status, 200)
  for (const service of ['caldav', 'carddav'] as const) t.ok(offers(options, service), service)
})

t.test('assumed login: other responses are unchanged', async t => {
  const answers = { [`PROPFIND ${url}`]: { status: 401 }, [`OPTIONS ${url}`]: { status: 403 } }
  const world = assumeLogin(fakeWorld(answers))
  t.equal((await world.exchange({ method: 'PROPFIND', url, headers: {} })).status, 401)
  t.equal((await world.exchange({ method: 'OPTIONS', url, headers: {} })).status, 403)
})
