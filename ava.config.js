export default {
  files: ['test/**/*.test.ts'],
  extensions: ['ts'],
  require: ['./test/fast-check-seed.ts'],
  workerThreads: true,
  concurrency: 2,
  timeout: '120s',
}
