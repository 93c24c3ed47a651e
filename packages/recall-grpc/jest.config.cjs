const preset = require('../../jest.preset.cjs');

module.exports = {
  ...preset,
  displayName: 'recall-grpc',
  // The exporter of traces imports node's http when it first sends, which jest can do for what it has transformed only.
  transformIgnorePatterns: preset.transformIgnorePatterns.map((pattern) =>
    pattern.replace('(?!(', '(?!(@opentelemetry/otlp-exporter-base|'),
  ),
};
