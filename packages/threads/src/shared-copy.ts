/**
 * A copy of plain data whose typed arrays lie in shared memory: another thread takes it up without copying, and without
 * the garbage collection that V8 starts where as much memory of its own arrives.
 */
export function sharedCopy<Data>(data: Data): Data {
  return copyOf(data) as Data;
}

function copyOf(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return sharedView(value);
  if (value instanceof Map)
    return new Map(Array.from(value, ([key, entry]: [unknown, unknown]) => [key, copyOf(entry)]));
  // A list may be long; what it holds is alike, so its first entry tells.
  if (Array.isArray(value)) return typeof value[0] === 'object' ? value.map(copyOf) : value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, copyOf(entry)]));
}

function sharedView(view: ArrayBufferView): ArrayBufferView {
  const shared = new SharedArrayBuffer(view.byteLength);
  new Uint8Array(shared).set(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
  if (view instanceof Float32Array) return new Float32Array(shared);
  if (view instanceof Float64Array) return new Float64Array(shared);
  if (view instanceof Int32Array) return new Int32Array(shared);
  if (view instanceof Uint8Array) return new Uint8Array(shared);
  throw new TypeError(`There is no shared copy of a ${Object.prototype.toString.call(view)}; add it here.`);
}
