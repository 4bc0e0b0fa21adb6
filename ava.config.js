export default {
  files: ['test/**/*.test.ts'],
  extensions: ['ts'],
  workerThreads: true,
  concurrency: 2,
  timeout: '120s',
}
