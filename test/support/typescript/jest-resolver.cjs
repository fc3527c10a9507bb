// In our own sources `./clock.js` means `./clock.ts`, as for the compiler. Packages are left alone.
const { existsSync } = require('node:fs');
const { join, sep } = require('node:path');

const packages = `${sep}node_modules${sep}`;

module.exports = (request, options) => {
  if (request.startsWith('.') && request.endsWith('.js') && !options.basedir.includes(packages)) {
    const source = join(options.basedir, `${request.slice(0, -3)}.ts`);
    if (existsSync(source)) return source;
  }
  return options.defaultResolver(request, options);
};
