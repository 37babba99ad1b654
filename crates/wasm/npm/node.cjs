// `require` of tools that know no modules, such as Jest: the same engine as `vaultlet/node`, less the server.
const { listen, ...api } = require("./server.cjs");

module.exports = api;
