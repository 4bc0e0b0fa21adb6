/** Parts of URLs; null where the text is none or lacks the part. */
import type { FunctionDef } from '../overload.ts'
import { defineFixed, STRING } from './define.ts'

function part(
  name: string,
  summary: string,
  example: readonly [string, string],
  read: (url: URL) => string,
): FunctionDef {
  return defineFixed({ name, group: 'strings', summary }, [example], {
    id: name,
    params: { url: STRING },
    result: STRING,
    nullable: true,
    run: (text: string) => {
      const url = URL.parse(text)
      const found = url === null ? '' : read(url)
      return found === '' ? null : found
    },
  })
}

export const URL_FUNCTIONS: readonly FunctionDef[] = [
  part(
    'url_protocol',
    'The protocol of a URL, without `:`.',
    ['url_protocol("https://a.b/c")', '"https"'],
    (url) => url.protocol.slice(0, -1),
  ),
  part(
    'url_host',
    'The host of a URL, without its port.',
    ['url_host("https://a.b:81/c")', '"a.b"'],
    (url) => url.hostname,
  ),
  part(
    'url_port',
    'The port of a URL where it is given.',
    ['url_port("https://a.b:81/c")', '"81"'],
    (url) => url.port,
  ),
  part(
    'url_path',
    'The path of a URL.',
    ['url_path("https://a.b/c/d?e=1")', '"/c/d"'],
    (url) => url.pathname,
  ),
  part(
    'url_query',
    'The query of a URL, without `?`.',
    ['url_query("https://a.b/c?e=1")', '"e=1"'],
    (url) => url.search.slice(1),
  ),
  part(
    'url_fragment',
    'The fragment of a URL, without `#`.',
    ['url_fragment("https://a.b/#x")', '"x"'],
    (url) => url.hash.slice(1),
  ),
  defineFixed(
    { name: 'url_parameter', group: 'strings', summary: 'The first value of a query parameter.' },
    [['url_parameter("https://a.b/?id=7&x=", "id")', '"7"']],
    {
      id: 'url_parameter',
      params: { url: STRING, name: STRING },
      result: STRING,
      nullable: true,
      run: (text: string, name: string) => URL.parse(text)?.searchParams.get(name) ?? null,
    },
  ),
  defineFixed(
    { name: 'url_encode', group: 'strings', summary: 'Safe as one part of a URL.' },
    [['url_encode("a b&c")', '"a%20b%26c"']],
    {
      id: 'url_encode',
      params: { text: STRING },
      result: STRING,
      run: (text: string) => encodeURIComponent(text.toWellFormed()),
    },
  ),
  defineFixed(
    {
      name: 'url_decode',
      group: 'strings',
      summary: 'Back from `url_encode`; null where it is damaged.',
    },
    [['url_decode("a%20b")', '"a b"']],
    { id: 'url_decode', params: { text: STRING }, result: STRING, nullable: true, run: decode },
  ),
]

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return null
  }
}
