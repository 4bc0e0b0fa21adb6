/**
 * From an execution plan to places: for every stage and subtask its counters, outputs, inbox and
 * failure router, joined by channels. What runs in a place (operator, source, sink) comes later.
 *
 * Owns: nothing after it has answered; the places own their parts.
 */
import { assert } from '../../shared/base/assert.ts'
import type { Clock } from '../../shared/base/clock.ts'
import { CHANNEL_BYTES_MAX } from '../../shared/base/limits.ts'
import { compileKeyHash } from '../../shared/model/key-hash/key-hash-compile.ts'
import type { ColumnSpec } from '../../shared/model/layout.ts'
import { keyGroupTable } from '../../shared/planning/execution/execution-plan.ts'
import type { ExecutionPlan, Stage, StageEdge } from '../../shared/planning/execution/stage.ts'
import { DirectExchange, HashExchange, RebalanceExchange } from '../exchange/exchange.ts'
import type { Exchange } from '../exchange/exchange.ts'
import { LocalChannel } from '../exchange/local-channel.ts'
import { FailureRouter } from './failure-router.ts'
import { Inbox, type InboxChannel } from './inbox.ts'
import { OutputPort, OutputPorts } from './output-port.ts'
import { StageCounters } from './stage-counters.ts'

/** Where a node of a stage stands in one subtask. */
export interface Place {
  readonly stage: Stage
  readonly subtask: number
  readonly inbox: Inbox
  readonly ports: OutputPorts
  readonly counters: StageCounters
  readonly failures: FailureRouter
}

/** The channels of one edge between two stages, for the balance. */
export interface WiredEdge {
  readonly from: Stage
  readonly output: string
  readonly to: Stage
  readonly channels: readonly LocalChannel[]
  readonly ports: readonly OutputPort[]
}

export interface Wiring {
  /** By stage index, then subtask. */
  readonly places: readonly (readonly Place[])[]
  readonly edges: readonly WiredEdge[]
}

/** A link inside a chain holds one batch: the next node takes it in the same turn. */
const LINK_BOUNDS = { batchesMax: 1, bytesMax: CHANNEL_BYTES_MAX }

export function wireStages(execution: ExecutionPlan, clock: Clock): Wiring {
  const ports = execution.stages.map((stage) => subtasksOf(stage).map(() => portsOf(stage)))
  const feeds = execution.stages.map((stage) => subtasksOf(stage).map((): InboxChannel[] => []))
  const edges: WiredEdge[] = []
  for (const stage of execution.stages) {
    for (const edge of stage.inputs) {
      const from = execution.stages[edge.from]
      assert(from !== undefined, `stage ${edge.from} exists`)
      const sending = (ports[from.index] ?? []).map((one) => one.output(edge.output))
      const wired = new EdgeWiring({ execution, from, to: stage, edge }).connect(sending)
      wired.forEach(({ input, channel, subtask }) =>
        feeds[stage.index]?.[subtask]?.push({ input, channel }),
      )
      const channels = wired.map((one) => one.channel)
      edges.push({ from, output: edge.output, to: stage, channels, ports: sending })
    }
  }
  const places = execution.stages.map((stage) =>
    subtasksOf(stage).map((subtask) => {
      const own = ports[stage.index]?.[subtask]
      const fed = feeds[stage.index]?.[subtask]
      assert(own !== undefined && fed !== undefined, 'every subtask has ports and feeds')
      return placeOf(stage, { subtask, ports: own, feeds: fed, clock })
    }),
  )
  return { places, edges }
}

function subtasksOf(stage: Stage): number[] {
  return Array.from({ length: stage.parallelism }, (_, subtask) => subtask)
}

function portsOf(stage: Stage): OutputPorts {
  return new OutputPorts(stage.outputs.map((output) => new OutputPort(output.name, output.columns)))
}

interface PlaceParts {
  readonly subtask: number
  readonly ports: OutputPorts
  readonly feeds: readonly InboxChannel[]
  readonly clock: Clock
}

function placeOf(stage: Stage, { subtask, ports, feeds, clock }: PlaceParts): Place {
  const counters = new StageCounters()
  const { name: block, onError } = stage.block
  const port = ports.find('dead_letter')
  const failures = new FailureRouter({ block, onError, counters, clock, port })
  return { stage, subtask, inbox: new Inbox(feeds, stage.inputCount), ports, counters, failures }
}

interface EdgeWiringOptions {
  readonly execution: ExecutionPlan
  readonly from: Stage
  readonly to: Stage
  readonly edge: StageEdge
}

interface WiredChannel {
  readonly input: number
  readonly channel: LocalChannel
  /** The subtask that takes from it. */
  readonly subtask: number
}

class EdgeWiring {
  readonly #options: EdgeWiringOptions
  readonly #wired: WiredChannel[] = []

  constructor(options: EdgeWiringOptions) {
    this.#options = options
  }

  connect(sending: readonly OutputPort[]): readonly WiredChannel[] {
    sending.forEach((port, subtask) => port.connect(this.#exchange(subtask)))
    return this.#wired
  }

  #exchange(sender: number): Exchange {
    const { edge, to, execution } = this.#options
    const { route } = edge
    switch (route.kind) {
      case 'forward':
        return new DirectExchange(this.#channel(sender))
      case 'single': {
        const [first, ...others] = this.#channelToEach()
        assert(first !== undefined, 'a stage has a subtask')
        return new DirectExchange(first, others)
      }
      case 'rebalance':
        return new RebalanceExchange(this.#channelToEach(), sender)
      default:
        return new HashExchange({
          channels: this.#channelToEach(),
          key: route.columns,
          hash: compileKeyHash(this.#keySpecs(route.columns)),
          table: keyGroupTable(execution.keyGroups, to.parallelism),
        })
    }
  }

  #channelToEach(): LocalChannel[] {
    return subtasksOf(this.#options.to).map((subtask) => this.#channel(subtask))
  }

  #channel(subtask: number): LocalChannel {
    const { edge, from, to } = this.#options
    const channel = new LocalChannel(from.chain === to.chain ? LINK_BOUNDS : undefined)
    this.#wired.push({ input: edge.input, channel, subtask })
    return channel
  }

  #keySpecs(columns: readonly number[]): ColumnSpec[] {
    const { from, edge } = this.#options
    const output = from.outputs.find((one) => one.name === edge.output)
    return columns.map((index) => {
      const spec = output?.columns[index]
      assert(spec !== undefined, `key column ${index} leaves ${from.id}`)
      return spec
    })
  }
}
