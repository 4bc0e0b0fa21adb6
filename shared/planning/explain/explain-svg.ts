/** `explain --format svg`: the plan as a picture that stands alone, readable on white. */
import type { Plan } from '../plan.ts'
import {
  layeredLayout,
  type Layout,
  type LayoutNode,
  type Placed,
  type Point,
} from './layered-layout.ts'
import { caption, edges, type PlanEdge } from './plan-graph.ts'

const MARGIN = 24
const TITLE_HEIGHT = 34
const PADDING = 12
const NAME_CHARACTER = 8.2
const CAPTION_CHARACTER = 6.6
const NAME_HEIGHT = 20
const CAPTION_HEIGHT = 15
const WIDTH_MIN = 110

type Kind = 'source' | 'transform' | 'sink' | 'table'

interface Box extends LayoutNode {
  readonly kind: Kind
  readonly captions: readonly string[]
}

const COLOURS: Readonly<Record<Kind, { readonly fill: string; readonly line: string }>> = {
  source: { fill: '#e3f2e6', line: '#3b8a4d' },
  transform: { fill: '#e8eefb', line: '#4468b0' },
  sink: { fill: '#fbeede', line: '#b9752c' },
  table: { fill: '#f1eaf7', line: '#7d55a8' },
}

export function explainSvg(plan: Plan): string {
  const boxes = boxesOf(plan)
  const arrows = edges(plan)
  const layout = layeredLayout(boxes, arrows)
  const title = `pipeline ${plan.pipeline}`
  const width = Math.ceil(Math.max(layout.width, title.length * 9) + 2 * MARGIN)
  const height = Math.ceil(layout.height + 2 * MARGIN + TITLE_HEIGHT)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Helvetica, Arial, sans-serif">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<text x="${MARGIN}" y="${MARGIN + 6}" font-size="16" font-weight="bold" fill="#222222">${escaped(title)}</text>`,
    `<g transform="translate(${MARGIN} ${MARGIN + TITLE_HEIGHT - 10})">`,
    ...arrows.map((arrow, index) => arrowSvg(arrow, layout.routes[index] ?? [])),
    ...labelsSvg(arrows, layout),
    ...boxes.map((box) => boxSvg(box, layout)),
    '</g>',
    '</svg>',
    '',
  ].join('\n')
}

function boxesOf(plan: Plan): Box[] {
  const blocks = plan.blocks.map((block) => boxOf(block.name, block.kind, caption(block)))
  const tables = plan.tables.map((table) => boxOf(table.name, 'table', [table.connector]))
  return [...tables, ...blocks]
}

function boxOf(id: string, kind: Kind, captions: readonly string[]): Box {
  const texts = [
    id.length * NAME_CHARACTER,
    ...captions.map((one) => one.length * CAPTION_CHARACTER),
  ]
  const width = Math.max(WIDTH_MIN, Math.ceil(Math.max(...texts)) + 2 * PADDING)
  const height = NAME_HEIGHT + captions.length * CAPTION_HEIGHT + PADDING
  return { id, kind, captions, width, height }
}

function boxSvg(box: Box, layout: Layout): string {
  const place = layout.nodes.get(box.id)
  if (place === undefined) return ''
  const { fill, line } = COLOURS[box.kind]
  const radius = box.kind === 'source' ? place.height / 2 : box.kind === 'sink' ? 0 : 6
  const centre = place.x + place.width / 2
  const texts = box.captions.map((text, index) => {
    const y = place.y + NAME_HEIGHT + 13 + index * CAPTION_HEIGHT
    return `<text x="${round(centre)}" y="${round(y)}" font-size="12" fill="#555555" text-anchor="middle">${escaped(text)}</text>`
  })
  return [
    rect(place, { fill, line, radius }),
    `<text x="${round(centre)}" y="${round(place.y + 20)}" font-size="14" font-weight="bold" fill="#222222" text-anchor="middle">${escaped(box.id)}</text>`,
    ...texts,
  ].join('\n')
}

function rect(
  { x, y, width, height }: Placed,
  { fill, line, radius }: { readonly fill: string; readonly line: string; readonly radius: number },
): string {
  return `<rect x="${round(x)}" y="${round(y)}" width="${width}" height="${height}" rx="${round(radius)}" fill="${fill}" stroke="${line}" stroke-width="1.5"/>`
}

/** A curve that leaves and arrives level; updating edges are double, lookups dashed. */
function arrowSvg(edge: PlanEdge, route: readonly Point[]): string {
  const [start, ...others] = route
  const end = route.at(-1)
  if (start === undefined || end === undefined) return ''
  let path = `M ${round(start.x)} ${round(start.y)}`
  let last = start
  for (const point of others) {
    const middle = (last.x + point.x) / 2
    path += ` C ${round(middle)} ${round(last.y)}, ${round(middle)} ${round(point.y)}, ${round(point.x)} ${round(point.y)}`
    last = point
  }
  const dash = edge.isLookup ? ' stroke-dasharray="5 4"' : ''
  const tip = `M ${round(end.x)} ${round(end.y)} l -9 -4.5 l 0 9 z`
  const parts = [
    `<path d="${path}" fill="none" stroke="#777777" stroke-width="1.5"${dash}/>`,
    `<path d="${tip}" fill="#777777"/>`,
  ]
  return parts.join('\n')
}

/** What an output gives stands once, where its arrows leave; several outputs below each other. */
function labelsSvg(arrows: readonly PlanEdge[], layout: Layout): string[] {
  const written = new Map<string, Set<string>>()
  return arrows.flatMap(({ from, label }, index) => {
    const start = layout.routes[index]?.[0]
    const known = written.get(from) ?? new Set()
    if (label === '' || start === undefined || known.has(label)) return []
    const y = start.y - 5 + known.size * 20
    written.set(from, known.add(label))
    return [
      `<text x="${round(start.x + 5)}" y="${round(y)}" font-size="11" fill="#8a4b08" stroke="#ffffff" stroke-width="3" paint-order="stroke">${escaped(label)}</text>`,
    ]
  })
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10)
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
