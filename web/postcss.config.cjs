// Mantine's mixins for dark mode and widths in our own style sheets.
module.exports = { plugins: { "postcss-preset-mantine": {} } };
