//! The shell's files: in memory for a page, on disk for the native binary. It knows no commands.

use std::collections::{BTreeMap, BTreeSet};

/// Where a shell in memory starts, and where its `~` is.
pub(crate) const HOME: &str = "/home/vaultlet";

/// Why a file cannot be had, in the words of the C library.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[cfg_attr(
    target_arch = "wasm32",
    expect(dead_code, reason = "files in memory fail in fewer ways than a disk")
)]
pub(crate) enum FileError {
    #[error("no such file or directory")]
    Missing,
    #[error("is a directory")]
    Directory,
    #[error("not a directory")]
    NotDirectory,
    #[error("permission denied")]
    Denied,
    #[error("file exists")]
    Exists,
    #[error("input/output error")]
    Other,
}

impl FileError {
    /// The reason as a shell's tools write it: with a capital.
    pub(crate) fn capital(self) -> String {
        let text = self.to_string();
        let mut letters = text.chars();
        letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or(text)
    }
}

/// Files by their absolute path.
#[derive(Debug, Clone)]
pub(crate) struct Files {
    kind: Kind,
    /// The working directory, absolute.
    pub(crate) directory: String,
    /// A path that is kept in memory whatever the kind, and its bytes if it has been written.
    kept: Option<(String, Option<Vec<u8>>)>,
}

#[derive(Debug, Clone)]
enum Kind {
    Memory {
        files: BTreeMap<String, Vec<u8>>,
        directories: BTreeSet<String>,
    },
    #[cfg(not(target_arch = "wasm32"))]
    Disk,
}

impl Default for Files {
    fn default() -> Self {
        let directories = ["/", "/home", HOME, "/tmp"].map(str::to_owned).into();
        Self {
            kind: Kind::Memory { files: BTreeMap::new(), directories },
            directory: HOME.to_owned(),
            kept: None,
        }
    }
}

impl Files {
    /// The computer's own files, beginning in `directory`.
    #[cfg(not(target_arch = "wasm32"))]
    pub(crate) fn on_disk(directory: String) -> Self {
        Self { kind: Kind::Disk, directory, kept: None }
    }

    /// Keeps one file in memory: a script against an engine of its own must not overwrite the person's token.
    #[cfg(not(target_arch = "wasm32"))]
    pub(crate) fn keep_in_memory(&mut self, name: &str) {
        self.kept = Some((self.absolute(name), None));
    }

    /// The absolute path that a name means here.
    pub(crate) fn absolute(&self, name: &str) -> String {
        let mut parts: Vec<&str> = Vec::new();
        let from = if name.starts_with('/') { "" } else { self.directory.as_str() };
        for part in from.split('/').chain(name.split('/')) {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop();
                }
                part => parts.push(part),
            }
        }
        format!("/{}", parts.join("/"))
    }

    /// A file's bytes.
    pub(crate) fn read(&self, name: &str) -> Result<Vec<u8>, FileError> {
        let path = self.absolute(name);
        if path == "/dev/null" {
            return Ok(Vec::new());
        }
        if let Some((_, bytes)) = self.kept.as_ref().filter(|(kept, _)| *kept == path) {
            return bytes.clone().ok_or(FileError::Missing);
        }
        match &self.kind {
            Kind::Memory { directories, .. } if directories.contains(&path) => Err(FileError::Directory),
            Kind::Memory { files, .. } => files.get(&path).cloned().ok_or(FileError::Missing),
            #[cfg(not(target_arch = "wasm32"))]
            Kind::Disk => std::fs::read(path).map_err(|error| disk_error(&error)),
        }
    }

    /// Makes or overwrites a file.
    pub(crate) fn write(&mut self, name: &str, bytes: &[u8]) -> Result<(), FileError> {
        let path = self.absolute(name);
        if path == "/dev/null" {
            return Ok(());
        }
        if let Some((_, kept)) = self.kept.as_mut().filter(|(kept, _)| *kept == path) {
            *kept = Some(bytes.to_vec());
            return Ok(());
        }
        match &mut self.kind {
            Kind::Memory { files, directories } => {
                writable(directories, &path)?;
                files.insert(path, bytes.to_vec());
                Ok(())
            }
            #[cfg(not(target_arch = "wasm32"))]
            Kind::Disk => std::fs::write(path, bytes).map_err(|error| disk_error(&error)),
        }
    }

    /// Makes or overwrites a file that only its owner may read.
    pub(crate) fn write_secret(&mut self, name: &str, bytes: &[u8]) -> Result<(), FileError> {
        let path = self.absolute(name);
        if self.kept.as_ref().is_some_and(|(kept, _)| *kept == path) {
            return self.write(name, bytes);
        }
        match &self.kind {
            #[cfg(all(unix, not(target_arch = "wasm32")))]
            Kind::Disk => {
                use std::io::Write;
                use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
                let mut options = std::fs::OpenOptions::new();
                let file = options.write(true).create(true).truncate(true).mode(0o600).open(path);
                let write = |mut file: std::fs::File| {
                    file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
                    file.write_all(bytes)
                };
                file.and_then(write).map_err(|error| disk_error(&error))
            }
            _ => self.write(name, bytes),
        }
    }

    /// Adds to a file's end, making it if there is none.
    pub(crate) fn append(&mut self, name: &str, bytes: &[u8]) -> Result<(), FileError> {
        let mut all = match self.read(name) {
            Ok(all) => all,
            Err(FileError::Missing) => Vec::new(),
            Err(error) => return Err(error),
        };
        all.extend_from_slice(bytes);
        self.write(name, &all)
    }

    /// Removes a file.
    pub(crate) fn remove(&mut self, name: &str) -> Result<(), FileError> {
        let path = self.absolute(name);
        match &mut self.kind {
            Kind::Memory { directories, .. } if directories.contains(&path) => Err(FileError::Directory),
            Kind::Memory { files, .. } => files.remove(&path).map(|_| ()).ok_or(FileError::Missing),
            #[cfg(not(target_arch = "wasm32"))]
            Kind::Disk => std::fs::remove_file(path).map_err(|error| disk_error(&error)),
        }
    }

    /// Removes a file, or a directory with all that is in it.
    pub(crate) fn remove_all(&mut self, name: &str) -> Result<(), FileError> {
        if !self.is_directory(name) {
            return self.remove(name);
        }
        let path = self.absolute(name);
        // Without the directory it works in a shell has no place to write to.
        if self.directory == path || self.directory.starts_with(&format!("{}/", path.trim_end_matches('/'))) {
            return Err(FileError::Denied);
        }
        match &mut self.kind {
            Kind::Memory { files, directories } => {
                let inside = format!("{path}/");
                files.retain(|name, _| !name.starts_with(&inside));
                directories.retain(|name| *name != path && !name.starts_with(&inside));
                Ok(())
            }
            #[cfg(not(target_arch = "wasm32"))]
            Kind::Disk => std::fs::remove_dir_all(path).map_err(|error| disk_error(&error)),
        }
    }

    /// Makes a directory.
    pub(crate) fn make_directory(&mut self, name: &str) -> Result<(), FileError> {
        let path = self.absolute(name);
        match &mut self.kind {
            Kind::Memory { files, directories } => {
                if files.contains_key(&path) || directories.contains(&path) {
                    return Err(FileError::Exists);
                }
                writable(directories, &path)?;
                directories.insert(path);
                Ok(())
            }
            #[cfg(not(target_arch = "wasm32"))]
            Kind::Disk => std::fs::create_dir(path).map_err(|error| disk_error(&error)),
        }
    }

    /// Whether the name is a directory.
    pub(crate) fn is_directory(&self, name: &str) -> bool {
        let path = self.absolute(name);
        match &self.kind {
            Kind::Memory { directories, .. } => directories.contains(&path),
            #[cfg(not(target_arch = "wasm32"))]
            Kind::Disk => std::path::Path::new(&path).is_dir(),
        }
    }

    /// The names in a directory, in order.
    pub(crate) fn list(&self, name: &str) -> Result<Vec<String>, FileError> {
        let path = self.absolute(name);
        match &self.kind {
            Kind::Memory { files, directories } => {
                if !directories.contains(&path) {
                    return Err(FileError::Missing);
                }
                let prefix = format!("{}/", path.trim_end_matches('/'));
                let below = |full: &String| {
                    let rest = full.strip_prefix(&prefix)?;
                    (!rest.is_empty() && !rest.contains('/')).then(|| rest.to_owned())
                };
                let names: BTreeSet<String> =
                    files.keys().chain(directories.iter()).filter_map(below).collect();
                Ok(names.into_iter().collect())
            }
            #[cfg(not(target_arch = "wasm32"))]
            Kind::Disk => {
                let entries = std::fs::read_dir(path).map_err(|error| disk_error(&error))?;
                let names = entries.filter_map(Result::ok).map(|entry| entry.file_name());
                let mut names: Vec<String> = names.map(|name| name.to_string_lossy().into_owned()).collect();
                names.sort();
                Ok(names)
            }
        }
    }
}

/// A file can be made at `path`: it is no directory, and the one above it exists.
fn writable(directories: &BTreeSet<String>, path: &str) -> Result<(), FileError> {
    if directories.contains(path) {
        return Err(FileError::Directory);
    }
    let above = path.rsplit_once('/').map_or("", |(above, _)| above);
    let above = if above.is_empty() { "/" } else { above };
    if directories.contains(above) { Ok(()) } else { Err(FileError::Missing) }
}

#[cfg(not(target_arch = "wasm32"))]
fn disk_error(error: &std::io::Error) -> FileError {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::NotFound => FileError::Missing,
        ErrorKind::IsADirectory => FileError::Directory,
        ErrorKind::NotADirectory => FileError::NotDirectory,
        ErrorKind::PermissionDenied => FileError::Denied,
        ErrorKind::AlreadyExists => FileError::Exists,
        _ => FileError::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_from_the_directory() {
        let files = Files::default();
        assert_eq!(files.absolute("a.txt"), "/home/vaultlet/a.txt");
        assert_eq!(files.absolute("./x/../a.txt"), "/home/vaultlet/a.txt");
        assert_eq!(files.absolute("/tmp//b"), "/tmp/b");
        assert_eq!(files.absolute("../../../../.."), "/");
    }

    #[test]
    fn a_file_needs_its_directory() {
        let mut files = Files::default();
        assert_eq!(files.write("x/a", b"1"), Err(FileError::Missing));
        files.make_directory("x").unwrap();
        files.write("x/a", b"1").unwrap();
        files.append("x/a", b"2").unwrap();
        assert_eq!(files.read("x/a").unwrap(), b"12");
        assert_eq!(files.list("x").unwrap(), ["a"]);
        assert_eq!(files.write("x", b"1"), Err(FileError::Directory));
        files.remove("x/a").unwrap();
        assert_eq!(files.read("x/a"), Err(FileError::Missing));
    }
}
