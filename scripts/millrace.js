#!/usr/bin/env node
/**
 * The published command. Plain JavaScript, so that a Node that is too old reads it and says so in
 * its first line instead of failing on syntax.
 */
var needed = [24, 12]
var parts = process.versions.node.split('.').map(Number)
var major = parts[0] || 0
if (major < needed[0] || (major === needed[0] && (parts[1] || 0) < needed[1])) {
  process.stderr.write(
    'millrace needs Node ' +
      needed.join('.') +
      ' or newer; this is ' +
      process.versions.node +
      '\n',
  )
  process.exit(2)
}
void import('./cli.js')
