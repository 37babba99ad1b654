//! Drivers for the tests: the engine in process, and a real server.
