//! The npm package. A leaf: it converts, calls, converts back.
