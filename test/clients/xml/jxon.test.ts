import t from 'tap'
import { attribute, child, children, readJxon, stringOf } from '../../../src/clients/xml/jxon.ts'

const value = (xml: string) => child(readJxon(xml), 'a')

t.test('converts texts that look like numbers and booleans', async t => {
  t.equal(value('<a>993</a>'), 993)
  t.equal(value('<a> 1e3\n</a>'), 1000)
  t.equal(value('<a>-0.5</a>'), -0.5)
  t.equal(value('<a>True</a>'), true)
  t.equal(value('<a>FALSE</a>'), false)
  t.equal(value('<a> true</a>'), ' true')
  t.equal(value('<a>12:30</a>'), '12:30')
})

t.test('reads hexadecimal numbers as empty, because it checks with one function and reads with another', async t => {
  t.equal(value('<a>0x3e1</a>'), 0)
})

t.test('reads an empty element as true and white space as NaN', async t => {
  t.equal(value('<a/>'), true)
  t.equal(value('<a></a>'), true)
  t.same(value('<a> </a>'), Number.NaN)
})

t.test('converts an element with attributes or child elements to an object without its text', async t => {
  t.equal(stringOf(value('<a b="1">text</a>')), '[object Object]')
  t.equal(stringOf(value('<a>text<b/></a>')), '[object Object]')
  t.equal(attribute(value('<a b="1">text</a>') ?? '', 'b'), 1)
})

t.test('keeps all children with the same name in order', async t => {
  const a = value('<a><b>1</b><c>2</c><b>3</b></a>')
  t.same(children(a, 'b'), [1, 3])
  t.equal(child(a, 'c'), 2)
  t.same(children(a, 'd'), [])
})

t.test('compares names with their prefix, and finds nothing in a text', async t => {
  t.equal(child(readJxon('<x:a xmlns:x="y">1</x:a>'), 'a'), undefined)
  t.same(children('text', 'a'), [])
  t.equal(attribute('text', 'a'), undefined)
  t.equal(stringOf(undefined), 'undefined')
})

t.test('reads a web page with its document type, and nothing that is not XML', async t => {
  t.equal(stringOf(child(readJxon('<!DOCTYPE html><html><p/></html>'), 'html')), '[object Object]')
  t.equal(readJxon('<a>'), undefined)
  t.equal(readJxon(''), undefined)
})
