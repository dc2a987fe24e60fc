//! A bounded store of what was made from documents, oldest use out first.

use std::hash::Hash;

use lru::LruCache;

/// How much a cache holds at most.
#[derive(Clone, Copy, Debug)]
pub struct CacheLimits {
    /// The most entries.
    pub count: usize,
    /// The most bytes, by the sizes given at insertion.
    pub bytes: usize,
}

/// Entries by key, bounded by count and by bytes.
pub struct Cache<K: Hash + Eq, V> {
    entries: LruCache<K, Entry<V>>,
    limits: CacheLimits,
    bytes: usize,
}

struct Entry<V> {
    value: V,
    size: usize,
}

impl<K: Hash + Eq, V: Clone> Cache<K, V> {
    /// An empty cache.
    pub fn new(limits: CacheLimits) -> Self {
        Self { entries: LruCache::unbounded(), limits, bytes: 0 }
    }

    /// The entry of that key, which thereby becomes the youngest.
    pub fn get<Q>(&mut self, key: &Q) -> Option<V>
    where
        K: std::borrow::Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        self.entries.get(key).map(|entry| entry.value.clone())
    }

    /// Keeps a value of that many bytes and returns what no longer fits; a value that alone is too
    /// large is not kept.
    ///
    /// What is returned is for the caller to drop, when it holds no lock: dropping may run
    /// anybody's code.
    #[must_use = "what no longer fits is to be dropped where that may run foreign code"]
    pub fn insert(&mut self, key: K, value: V, size: usize) -> Vec<V> {
        let mut dropped = Vec::new();
        if let Some(replaced) = self.entries.pop(&key) {
            self.bytes -= replaced.size;
            dropped.push(replaced.value);
        }
        if size > self.limits.bytes || self.limits.count == 0 {
            dropped.push(value);
            return dropped;
        }
        self.bytes += size;
        self.entries.put(key, Entry { value, size });
        while self.bytes > self.limits.bytes || self.entries.len() > self.limits.count {
            let (_, oldest) = self.entries.pop_lru().expect("what is over its limits has entries");
            self.bytes -= oldest.size;
            dropped.push(oldest.value);
        }
        dropped
    }

    /// Empties the cache and returns what it held.
    #[must_use = "what was held is to be dropped where that may run foreign code"]
    pub fn take(&mut self) -> Vec<V> {
        self.bytes = 0;
        let mut taken = Vec::with_capacity(self.entries.len());
        while let Some((_, entry)) = self.entries.pop_lru() {
            taken.push(entry.value);
        }
        taken
    }

    /// How many entries are kept.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing is kept.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many bytes the kept entries are said to take.
    pub fn bytes(&self) -> usize {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::{Cache, CacheLimits};

    fn cache(count: usize, bytes: usize) -> Cache<&'static str, u8> {
        Cache::new(CacheLimits { count, bytes })
    }

    #[test]
    fn the_least_recently_used_goes_first() {
        let mut cache = cache(2, 100);
        drop(cache.insert("a", 1, 1));
        drop(cache.insert("b", 2, 1));
        assert_eq!(cache.get("a"), Some(1));
        drop(cache.insert("c", 3, 1));
        assert_eq!((cache.get("a"), cache.get("b"), cache.get("c")), (Some(1), None, Some(3)));
    }

    #[test]
    fn bytes_are_bounded_as_entries_are() {
        let mut cache = cache(10, 100);
        drop(cache.insert("a", 1, 60));
        drop(cache.insert("b", 2, 60));
        assert_eq!((cache.len(), cache.bytes(), cache.get("a")), (1, 60, None));
        drop(cache.insert("b", 3, 10));
        assert_eq!((cache.len(), cache.bytes(), cache.get("b")), (1, 10, Some(3)));
    }

    #[test]
    fn what_is_larger_than_the_cache_leaves_the_rest_alone() {
        let mut cache = cache(10, 100);
        drop(cache.insert("a", 1, 60));
        drop(cache.insert("b", 2, 101));
        assert_eq!((cache.get("a"), cache.get("b"), cache.bytes()), (Some(1), None, 60));
    }
}
