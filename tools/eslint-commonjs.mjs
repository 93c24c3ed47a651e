import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/**
 * The rules of tools that run outside of any build, some before anything is installed: plain CommonJS, with types in JSDoc.
 * @param {string} folder of the tool, with its `jsconfig.json`
 */
export function commonJsWithTypes(folder) {
  return tseslint.config(
    { ignores: ['jest.config.cjs'] },
    ...tseslint.configs.strictTypeChecked,
    {
      files: ['**/*.cjs'],
      languageOptions: {
        sourceType: 'commonjs',
        parserOptions: { project: './jsconfig.json', tsconfigRootDir: folder },
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
}
