/** The types of the language, as an author writes them. Physical layouts: layout.ts. */

export type ScalarKind =
  | 'string'
  | 'integer'
  | 'bigint'
  | 'number'
  | 'boolean'
  | 'timestamp'
  | 'date'
  | 'duration'
  | 'bytes'
  | 'json'

export type DataType =
  | { readonly kind: ScalarKind }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'array'; readonly element: FieldType }
  | { readonly kind: 'map'; readonly value: FieldType } // keys are strings
  | { readonly kind: 'struct'; readonly fields: readonly Field[] }
  | { readonly kind: 'null' } // only the type of the literal `null`

export interface FieldType {
  readonly type: DataType
  readonly nullable: boolean
}

export interface Field extends FieldType {
  readonly name: string
}
