import t from 'tap'
import { readXmlEvents } from '../../../src/clients/xml/xml-events.ts'

t.test('returns every event separately, and leaves their meaning to the reader', async t => {
  const xml = `<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a "b">]><a b="c>" d='/>'><!-- < --><![CDATA[<x>]]>t&amp;u<br/></a > x`
  t.same(readXmlEvents(xml), {
    events: [
      { kind: 'other' },
      { kind: 'other' },
      { kind: 'start', name: 'a', attributes: ` b="c>" d='/>'`, empty: false },
      { kind: 'other' },
      { kind: 'cdata', text: '<x>' },
      { kind: 'text', text: 't' },
      { kind: 'reference', name: 'amp' },
      { kind: 'text', text: 'u' },
      { kind: 'start', name: 'br', attributes: '', empty: true },
      { kind: 'end', name: 'a' },
      { kind: 'text', text: ' x' }
    ],
    end: 'closed'
  })
})

t.test('distinguishes an early end from a syntax error', async t => {
  t.same(readXmlEvents(''), { events: [], end: 'closed' })
  t.equal(readXmlEvents('<a><b></b>').end, 'open')
  for (const xml of ['<a><b></a>', '</a>', 'a & b', '<', '<a', '<!-- ', '<a b="', '<a <b>']) {
    t.equal(readXmlEvents(`<x/>${xml}`).end, 'fault', xml)
    t.equal(readXmlEvents(`<x/>${xml}`).events[0]?.kind, 'start', xml)
  }
})
