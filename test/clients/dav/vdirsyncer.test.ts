import t from 'tap'
import { vdirsyncer } from '../../../src/clients/dav/vdirsyncer.ts'
import { discoverDav, multistatus, redirect } from '../../support/clients/dav-answers.ts'

const missing = { status: 404 }
const root = 'PROPFIND https://example.com/'
const wellKnown = 'PROPFIND https://example.com/.well-known/caldav'

t.test('vdirsyncer: lists the root of the domain, then looks for a principal there and at /.well-known', async t => {
  const answers = { [root]: missing, [wellKnown]: missing, [wellKnown.replace('caldav', 'carddav')]: missing }
  const { caldav, carddav, asked } = await discoverDav(vdirsyncer, answers)
  t.same([caldav, carddav], [undefined, undefined])
  t.same(asked, [root, root, wellKnown, root, root, wellKnown.replace('caldav', 'carddav')])
})

t.test('vdirsyncer: uses a server at the root', async t => {
  const { caldav, carddav, results } = await discoverDav(vdirsyncer, { [root]: multistatus() })
  t.same([caldav, carddav], ['https://example.com/', 'https://example.com/'])
  t.same(results.slice(0, 2), ['207', '207, used'])
})

t.test('vdirsyncer: follows a redirect within the origin', async t => {
  const answers = {
    [root]: missing,
    [wellKnown]: redirect('/dav/'),
    'PROPFIND https://example.com/dav/': multistatus()
  }
  t.equal((await discoverDav(vdirsyncer, answers)).caldav, 'https://example.com/dav/')
})

t.test('vdirsyncer: does not log in after a redirect to another origin, even if another one leads back', async t => {
  const elsewhere = 'https://dav.example.net/'
  const answers = { [root]: missing, [wellKnown]: redirect(elsewhere), [`PROPFIND ${elsewhere}`]: multistatus() }
  const { caldav, results } = await discoverDav(vdirsyncer, answers)
  t.equal(caldav, undefined)
  t.equal(results[3], '207, refused: it does not log in after a redirect to another origin')
  const back = {
    [`PROPFIND ${elsewhere}`]: redirect('https://example.com/dav/'),
    'PROPFIND https://example.com/dav/': multistatus()
  }
  t.equal((await discoverDav(vdirsyncer, { ...answers, ...back })).caldav, undefined)
})

t.test('vdirsyncer: requests the well-known URL after a page that is not XML, but not after one that is', async t => {
  const answers = (body: string) => ({ [root]: { body }, [wellKnown]: multistatus() })
  const page = await discoverDav(vdirsyncer, answers('<!doctype html><title>Welcome'))
  t.equal(page.caldav, 'https://example.com/.well-known/caldav')
  t.equal((await discoverDav(vdirsyncer, answers('<html/>'))).caldav, undefined)
})

t.test('vdirsyncer: ends its search if there is no response', async t => {
  t.same((await discoverDav(vdirsyncer, {})).asked, [root, root])
  const { asked } = await discoverDav(vdirsyncer, { [root]: missing })
  t.same(asked.slice(0, 3), [root, root, wellKnown])
})
