/** What travels on a channel, in order (barriers and routing markers come with checkpoints). */
import type { Batch } from '../../shared/model/batch.ts'

export type StreamElement = BatchElement | WatermarkElement | ControlElement

export interface BatchElement {
  readonly kind: 'batch'
  readonly batch: Batch
}

/** A promise: no more records at or before `time` on this channel, except those beyond the bound. */
export interface WatermarkElement {
  readonly kind: 'watermark'
  readonly time: number
}

export interface ControlElement {
  /** `idle`: do not wait for this channel; `active`: wait for it again; `end`: nothing follows. */
  readonly kind: 'idle' | 'active' | 'end'
}

export const IDLE: ControlElement = { kind: 'idle' }
export const ACTIVE: ControlElement = { kind: 'active' }
export const END: ControlElement = { kind: 'end' }
