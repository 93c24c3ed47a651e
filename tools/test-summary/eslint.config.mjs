import { commonJsWithTypes } from '../eslint-commonjs.mjs';

export default commonJsWithTypes(import.meta.dirname);
