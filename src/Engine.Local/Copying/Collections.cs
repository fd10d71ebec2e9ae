using System.Collections.Immutable;
using System.Collections.ObjectModel;

namespace CocoonPool.Engine.Local;

/// <summary>The collections of the framework that may cross calls.</summary>
internal static class Collections
{
    private static readonly Dictionary<Type, Type> Rebuilt = new()
    {
        [typeof(List<>)] = typeof(ListCopier<>),
        [typeof(HashSet<>)] = typeof(SetCopier<>),
        [typeof(Dictionary<,>)] = typeof(DictionaryCopier<,>),
        [typeof(SortedDictionary<,>)] = typeof(SortedDictionaryCopier<,>),
        [typeof(ImmutableArray<>)] = typeof(ImmutableArrayCopier<>),
        [typeof(ReadOnlyMemory<>)] = typeof(MemoryCopier<>),
    };

    private static readonly HashSet<Type> FieldByField = [typeof(Queue<>), typeof(Stack<>), typeof(KeyValuePair<,>), typeof(ReadOnlyCollection<>), typeof(Nullable<>)];

    private static readonly HashSet<Type> NeverChanging =
    [
        typeof(ImmutableList<>), typeof(ImmutableHashSet<>), typeof(ImmutableSortedSet<>), typeof(ImmutableDictionary<,>), typeof(ImmutableSortedDictionary<,>),
    ];

    /// <summary>The copier of a generic framework type, or null for any other type.</summary>
    public static TypeCopier? For(Type type, DeepCopier copier)
    {
        var definition = type.GetGenericTypeDefinition();
        var elements = type.GetGenericArguments();
        var share = elements.All(copier.Shares);
        if (Rebuilt.TryGetValue(definition, out var rebuilt))
        {
            return (TypeCopier)Activator.CreateInstance(rebuilt.MakeGenericType(elements), [share])!;
        }

        if (NeverChanging.Contains(definition))
        {
            return share ? TypeCopier.Sharing : throw new NotSupportedException($"{type} holds elements that could change; send an array of them.");
        }

        return FieldByField.Contains(definition) ? new ObjectCopier(type, copier) : null;
    }

    /// <summary>
    /// The copier of a sequence without a name of its own, which arrives as a list: what a query or a collection expression
    /// for an interface made. Null for any other type.
    /// </summary>
    public static TypeCopier? ForNameless(Type type, DeepCopier copier)
    {
        if (!type.Name.StartsWith('<') && !string.Equals(type.Namespace, typeof(Enumerable).Namespace, StringComparison.Ordinal)) return null;
        var sequence = Array.Find(type.GetInterfaces(), i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEnumerable<>));
        if (sequence is null) return null;
        var element = sequence.GetGenericArguments()[0];
        return (TypeCopier)Activator.CreateInstance(typeof(SequenceCopier<>).MakeGenericType(element), [copier.Shares(element)])!;
    }
}

internal sealed class ListCopier<T>(bool share) : TypeCopier
{
    public override object Copy(object value, CopyContext context)
    {
        var original = (List<T>)value;
        if (share) return new List<T>(original);
        var copy = new List<T>(original.Count);
        context.Remember(value, copy);
        foreach (var element in original) copy.Add((T)context.Copy(element)!);
        return copy;
    }
}

internal sealed class SequenceCopier<T>(bool share) : TypeCopier
{
    public override object Copy(object value, CopyContext context)
        => share ? new List<T>((IEnumerable<T>)value) : [.. ((IEnumerable<T>)value).Select(e => (T)context.Copy(e)!)];
}

internal sealed class SetCopier<T>(bool share) : TypeCopier
{
    public override object Copy(object value, CopyContext context)
    {
        var original = (HashSet<T>)value;
        if (share) return new HashSet<T>(original, original.Comparer);
        var copy = new HashSet<T>(original.Count, original.Comparer);
        context.Remember(value, copy);
        foreach (var element in original) copy.Add((T)context.Copy(element)!);
        return copy;
    }
}

internal sealed class DictionaryCopier<TKey, TValue>(bool share) : TypeCopier
    where TKey : notnull
{
    public override object Copy(object value, CopyContext context)
    {
        var original = (Dictionary<TKey, TValue>)value;
        if (share) return new Dictionary<TKey, TValue>(original, original.Comparer);
        var copy = new Dictionary<TKey, TValue>(original.Count, original.Comparer);
        context.Remember(value, copy);
        foreach (var (key, held) in original) copy.Add((TKey)context.Copy(key)!, (TValue)context.Copy(held)!);
        return copy;
    }
}

internal sealed class SortedDictionaryCopier<TKey, TValue>(bool share) : TypeCopier
    where TKey : notnull
{
    public override object Copy(object value, CopyContext context)
    {
        var original = (SortedDictionary<TKey, TValue>)value;
        if (share) return new SortedDictionary<TKey, TValue>(original, original.Comparer);
        var copy = new SortedDictionary<TKey, TValue>(original.Comparer);
        context.Remember(value, copy);
        foreach (var (key, held) in original) copy.Add((TKey)context.Copy(key)!, (TValue)context.Copy(held)!);
        return copy;
    }
}

internal sealed class MemoryCopier<T>(bool share) : TypeCopier
{
    public override object Copy(object value, CopyContext context)
    {
        var copy = ((ReadOnlyMemory<T>)value).ToArray();
        for (var i = 0; !share && i < copy.Length; i++) copy[i] = (T)context.Copy(copy[i])!;
        return new ReadOnlyMemory<T>(copy);
    }
}

internal sealed class ImmutableArrayCopier<T>(bool share) : TypeCopier
{
    public override bool Shares => share;

    public override object Copy(object value, CopyContext context)
    {
        var original = (ImmutableArray<T>)value;
        return original.IsDefault ? original : ImmutableArray.CreateRange(original, element => (T)context.Copy(element)!);
    }
}
