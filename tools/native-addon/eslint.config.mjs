import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/** These files run before anything is built or even installed: plain CommonJS, with types in JSDoc. */
export default tseslint.config(
  { ignores: ['jest.config.cjs'] },
  ...tseslint.configs.strictTypeChecked,
  {
    files: ['**/*.cjs'],
    languageOptions: {
      sourceType: 'commonjs',
      parserOptions: { project: './jsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-require-imports': 'off',
      // Node's own modules export functions that need no receiver, though their types say methods.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
    },
  },
  // jest's matchers inside an expected object are typed any.
  { files: ['**/*.spec.cjs'], rules: { '@typescript-eslint/no-unsafe-assignment': 'off' } },
  { files: ['**/*.mjs'], ...tseslint.configs.disableTypeChecked },
  prettier,
);
