/**
 * Places boxes in columns from left to right, so that every arrow goes to the right: layers by
 * longest way, order within a layer by the mean place of neighbours, then heights moved towards
 * them. Arrows over several layers pass through places of their own. Pure and deterministic.
 */

export interface LayoutNode {
  readonly id: string
  readonly width: number
  readonly height: number
}

export interface LayoutEdge {
  readonly from: string
  readonly to: string
}

export interface Placed {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Layout {
  readonly nodes: ReadonlyMap<string, Placed>
  /** Of each edge, in the order given: from the right side of one box to the left side of another. */
  readonly routes: readonly (readonly Point[])[]
  readonly width: number
  readonly height: number
}

const LAYER_GAP = 72
const NODE_GAP = 26
const PASS_HEIGHT = 14
const SWEEPS = 12

interface Cell {
  readonly id: string
  readonly layer: number
  readonly width: number
  readonly height: number
  /** Neighbours in the layers before and behind. */
  readonly before: Cell[]
  readonly behind: Cell[]
  y: number
}

export function layeredLayout(nodes: readonly LayoutNode[], edges: readonly LayoutEdge[]): Layout {
  const layers = layerOf(nodes, edges)
  const cells = new Map<string, Cell>()
  for (const node of nodes) cells.set(node.id, cellOf(node, layers.get(node.id) ?? 0))
  const ways = edges.map((edge, index) => wayOf(cells, edge, index))
  const columns: Cell[][] = []
  for (const cell of [...cells.values(), ...ways.flatMap((way) => way.slice(1, -1))]) {
    ;(columns[cell.layer] ??= []).push(cell)
  }
  orderColumns(columns)
  placeHeights(columns)
  return draw({ nodes, cells, ways, columns })
}

/** The longest way to each node from one that nothing leads to; lone starts stand near their end. */
function layerOf(nodes: readonly LayoutNode[], edges: readonly LayoutEdge[]): Map<string, number> {
  const layers = new Map(nodes.map((node) => [node.id, 0]))
  for (const _ of nodes) {
    let isChanged = false
    for (const { from, to } of edges) {
      const least = (layers.get(from) ?? 0) + 1
      if ((layers.get(to) ?? 0) >= least) continue
      layers.set(to, least)
      isChanged = true
    }
    if (!isChanged) break
  }
  for (const { id } of nodes) {
    const targets = edges.filter((edge) => edge.from === id).map((edge) => layers.get(edge.to) ?? 0)
    const isStart = !edges.some((edge) => edge.to === id)
    if (isStart && targets.length > 0) layers.set(id, Math.min(...targets) - 1)
  }
  return layers
}

function cellOf(node: LayoutNode, layer: number): Cell {
  return { ...node, layer, before: [], behind: [], y: 0 }
}

/** The cells an arrow goes through, with a place of its own in every layer between. */
function wayOf(cells: ReadonlyMap<string, Cell>, edge: LayoutEdge, index: number): Cell[] {
  const from = cells.get(edge.from)
  const to = cells.get(edge.to)
  if (from === undefined || to === undefined) return []
  const way = [from]
  for (let layer = from.layer + 1; layer < to.layer; layer++) {
    way.push(cellOf({ id: `${index}:${layer}`, width: 0, height: PASS_HEIGHT }, layer))
  }
  way.push(to)
  way.forEach((cell, at) => {
    const next = way[at + 1]
    if (next === undefined) return
    cell.behind.push(next)
    next.before.push(cell)
  })
  return way
}

/** Sweeps to and fro; keeps the order with the fewest crossings seen. */
function orderColumns(columns: Cell[][]): void {
  let best = columns.map((column) => [...column])
  let fewest = crossings(columns)
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
    const isForward = sweep % 2 === 0
    const order = isForward ? columns.keys() : [...columns.keys()].toReversed()
    for (const index of order) {
      const places = new Map(columns.flatMap((column) => column.map((cell, at) => [cell, at])))
      sortByNeighbours(columns[index] ?? [], places, isForward)
    }
    const count = crossings(columns)
    if (count >= fewest) continue
    fewest = count
    best = columns.map((column) => [...column])
  }
  best.forEach((column, index) => columns[index]?.splice(0, column.length, ...column))
}

function sortByNeighbours(
  column: Cell[],
  places: ReadonlyMap<Cell, number>,
  isForward: boolean,
): void {
  const weight = (cell: Cell): number => {
    const neighbours = isForward ? cell.before : cell.behind
    if (neighbours.length === 0) return places.get(cell) ?? 0
    const sum = neighbours.reduce((all, one) => all + (places.get(one) ?? 0), 0)
    return sum / neighbours.length
  }
  const weights = new Map(column.map((cell) => [cell, weight(cell)]))
  column.sort((a, b) => (weights.get(a) ?? 0) - (weights.get(b) ?? 0))
}

function crossings(columns: readonly (readonly Cell[])[]): number {
  let count = 0
  for (const column of columns) {
    const ends: (readonly [number, number])[] = []
    column.forEach((cell, at) => {
      for (const next of cell.behind) ends.push([at, columns[next.layer]?.indexOf(next) ?? 0])
    })
    ends.forEach(([a, b], index) => {
      for (const [c, d] of ends.slice(index + 1)) if ((a - c) * (b - d) < 0) count += 1
    })
  }
  return count
}

/** Moves cells towards their neighbours and apart from each other, in the order of the column. */
function placeHeights(columns: readonly (readonly Cell[])[]): void {
  for (const column of columns) spread(column, () => 0)
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const isForward = sweep % 2 === 0
    const order = isForward ? columns : columns.toReversed()
    for (const column of order) spread(column, (cell) => wanted(cell, isForward))
  }
  const top = Math.min(...columns.flat().map((cell) => cell.y))
  for (const cell of columns.flat()) cell.y -= top
}

function wanted(cell: Cell, isForward: boolean): number {
  const preferred = isForward ? cell.before : cell.behind
  const neighbours = preferred.length > 0 ? preferred : isForward ? cell.behind : cell.before
  if (neighbours.length === 0) return cell.y
  const middles = neighbours.map((one) => one.y + one.height / 2)
  return middles.reduce((all, one) => all + one, 0) / middles.length - cell.height / 2
}

/** Places where they are wanted; those that would overlap are pushed down, then the group back. */
function spread(column: readonly Cell[], wish: (cell: Cell) => number): void {
  const wishes = column.map(wish)
  let groups: { cells: Cell[]; offset: number[]; start: number; sum: number }[] = []
  column.forEach((cell, index) => {
    const want = wishes[index] ?? 0
    groups.push({ cells: [cell], offset: [0], start: want, sum: want })
    groups = merged(groups)
  })
  for (const group of groups) {
    group.cells.forEach((cell, index) => {
      cell.y = group.start + (group.offset[index] ?? 0)
    })
  }
}

type Group = { cells: Cell[]; offset: number[]; start: number; sum: number }

/** Joins the last groups while they overlap; a group stands at the mean of its wishes. */
function merged(groups: readonly Group[]): Group[] {
  const result = [...groups]
  for (;;) {
    const last = result.at(-1)
    const before = result.at(-2)
    if (last === undefined || before === undefined) return result
    const length = (before.offset.at(-1) ?? 0) + (before.cells.at(-1)?.height ?? 0) + NODE_GAP
    if (before.start + length <= last.start) return result
    const sum = before.sum + last.sum - length * last.cells.length
    const cells = [...before.cells, ...last.cells]
    const offset = [...before.offset, ...last.offset.map((one) => one + length)]
    result.splice(-2, 2, { cells, offset, sum, start: sum / cells.length })
  }
}

interface Drawing {
  readonly nodes: readonly LayoutNode[]
  readonly cells: ReadonlyMap<string, Cell>
  readonly ways: readonly (readonly Cell[])[]
  readonly columns: readonly (readonly Cell[])[]
}

function draw({ nodes, cells, ways, columns }: Drawing): Layout {
  const widths = columns.map((column) => Math.max(0, ...column.map((cell) => cell.width)))
  const lefts: number[] = []
  let x = 0
  for (const width of widths) {
    lefts.push(x)
    x += width + LAYER_GAP
  }
  const placed = new Map<string, Placed>()
  for (const { id } of nodes) {
    const cell = cells.get(id)
    if (cell === undefined) continue
    const { y, width, height } = cell
    placed.set(id, { x: lefts[cell.layer] ?? 0, y, width, height })
  }
  const routes = ways.map((way) =>
    way.flatMap((cell, index) => {
      const left = lefts[cell.layer] ?? 0
      const y = cell.y + cell.height / 2
      if (index === 0) return [{ x: left + cell.width, y }]
      if (index === way.length - 1) return [{ x: left, y }]
      return [
        { x: left, y },
        { x: left + (widths[cell.layer] ?? 0), y },
      ]
    }),
  )
  const height = Math.max(0, ...columns.flat().map((cell) => cell.y + cell.height))
  return { nodes: placed, routes, width: Math.max(0, x - LAYER_GAP), height }
}
