/** The kit is part of the package: see scripts/testing/conformance. */
export * from '../../../scripts/testing/conformance/drive.ts'
