using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace CocoonPool.Engine.Local;

/// <summary>
/// Copies what crosses a call, so that caller and callee never share something that either could change. What cannot
/// change is handed over as it is: scalars, strings, references to grains, <see cref="ImmutableAttribute"/> types, and
/// objects whose fields are all read-only and hold only such values.
/// </summary>
/// <remarks>Classes must carry <see cref="GenerateSerializerAttribute"/> or have a converter; Orleans could not send them otherwise.</remarks>
internal sealed partial class DeepCopier
{
    private readonly ConcurrentDictionary<Type, TypeCopier> _copiers = new();
    private readonly Dictionary<Type, Type> _converters = [];

    // A type that contains itself is asked about itself while its fields are looked at; then it counts as changeable.
    [ThreadStatic]
    private static HashSet<Type>? t_making;

    public DeepCopier(IEnumerable<Assembly> assemblies)
    {
        foreach (var type in WithReferences([.. assemblies]).SelectMany(a => a.GetTypes()).Where(t => t.IsDefined(typeof(RegisterConverterAttribute))))
        {
            foreach (var converted in type.GetInterfaces().Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IConverter<,>)))
            {
                _converters[converted.GetGenericArguments()[0]] = type;
            }
        }
    }

    /// <summary>The value, or a copy that shares nothing changeable with it.</summary>
    /// <exception cref="NotSupportedException">The value holds an object of a type that may not cross calls.</exception>
    public T Copy<T>(T value, bool immutable)
    {
        if (immutable || value is null) return value;
        if (typeof(T).IsValueType && !RuntimeHelpers.IsReferenceOrContainsReferences<T>()) return value;
        var copier = CopierOf(value.GetType());
        return copier.Shares ? value : (T)copier.Copy(value, new CopyContext(this));
    }

    internal TypeCopier CopierOf(Type type) => _copiers.TryGetValue(type, out var known) ? known : _copiers.GetOrAdd(type, Make(type));

    /// <summary>Whether every value declared as <paramref name="type"/> can be shared, subclasses included.</summary>
    internal bool Shares(Type type)
    {
        if ((!type.IsSealed && !Atoms.Is(type)) || !(t_making ??= []).Add(type)) return false;
        try
        {
            return CopierOf(type).Shares;
        }
        finally
        {
            t_making.Remove(type);
        }
    }

    // Only an assembly that refers to the engine can hold a converter, and contracts often live beside the grains.
    private static IEnumerable<Assembly> WithReferences(Assembly[] assemblies)
    {
        var own = typeof(DeepCopier).Assembly.GetName().Name;
        return assemblies.Concat(assemblies.SelectMany(a => a.GetReferencedAssemblies()).Select(Assembly.Load)
            .Where(a => Array.Exists(a.GetReferencedAssemblies(), n => string.Equals(n.Name, own, StringComparison.Ordinal)))).Distinct();
    }

    private TypeCopier Make(Type type)
    {
        if (Atoms.Is(type) || type.IsDefined(typeof(ImmutableAttribute), inherit: false)) return TypeCopier.Sharing;
        if (type.IsArray) return new ArrayCopier(Shares(type.GetElementType()!));
        if (type.IsGenericType && Collections.For(type, this) is { } collection) return collection;
        if (Collections.ForNameless(type, this) is { } list) return list;
        if (_converters.TryGetValue(type, out var converter)) return ConverterCopier.For(converter, type, this);
        return type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false) || Atoms.IsTuple(type)
            ? new ObjectCopier(type, this)
            : throw new NotSupportedException(
                $"{type} cannot cross a grain call: it has neither [GenerateSerializer], [Immutable] nor a converter.");
    }
}

/// <summary>How values of one exact type are copied.</summary>
internal abstract class TypeCopier
{
    public static readonly TypeCopier Sharing = new SharingCopier();

    /// <summary>Whether values of the type are handed over as they are.</summary>
    public virtual bool Shares => false;

    public abstract object Copy(object value, CopyContext context);

    private sealed class SharingCopier : TypeCopier
    {
        public override bool Shares => true;

        public override object Copy(object value, CopyContext context) => value;
    }
}

/// <summary>One copy operation: remembers what was copied, so that shared and circular references stay so.</summary>
internal sealed class CopyContext(DeepCopier copier)
{
    private Dictionary<object, object>? _copies;

    public object? Copy(object? value)
    {
        if (value is null) return null;
        var typeCopier = copier.CopierOf(value.GetType());
        if (typeCopier.Shares) return value;
        if (value is ValueType) return typeCopier.Copy(value, this);
        if (_copies is not null && _copies.TryGetValue(value, out var done)) return done;
        return typeCopier.Copy(value, this);
    }

    public void Remember(object original, object copy)
        => (_copies ??= new Dictionary<object, object>(ReferenceEqualityComparer.Instance))[original] = copy;
}

/// <summary>Arrays of any rank.</summary>
internal sealed class ArrayCopier(bool elementsShare) : TypeCopier
{
    public override object Copy(object value, CopyContext context)
    {
        var copy = (Array)((Array)value).Clone();
        context.Remember(value, copy);
        if (elementsShare) return copy;
        if (copy.Rank == 1)
        {
            for (var i = 0; i < copy.Length; i++) copy.SetValue(context.Copy(copy.GetValue(i)), i);
            return copy;
        }

        var index = new int[copy.Rank];
        for (var flat = 0; flat < copy.Length; flat++)
        {
            for (int dimension = copy.Rank - 1, rest = flat; dimension >= 0; dimension--)
            {
                index[dimension] = rest % copy.GetLength(dimension);
                rest /= copy.GetLength(dimension);
            }

            copy.SetValue(context.Copy(copy.GetValue(index)), index);
        }

        return copy;
    }
}

/// <summary>Objects with fields. Read-only shells around unchanged values are shared, everything else is rebuilt.</summary>
internal sealed class ObjectCopier : TypeCopier
{
    private static readonly Func<object, object> Clone = typeof(object)
        .GetMethod("MemberwiseClone", BindingFlags.Instance | BindingFlags.NonPublic)!.CreateDelegate<Func<object, object>>();

    private readonly FieldInfo[] _changeable;
    private readonly bool _readOnlyShell;

    public ObjectCopier(Type type, DeepCopier copier)
    {
        var fields = Fields(type).ToList();
        _readOnlyShell = type.IsValueType || fields.TrueForAll(f => f.IsInitOnly);
        _changeable = [.. fields.Where(f => !f.IsDefined(typeof(ImmutableAttribute)) && !IsImmutableProperty(f) && !copier.Shares(f.FieldType))];
    }

    public override bool Shares => _readOnlyShell && _changeable.Length == 0;

    public override object Copy(object value, CopyContext context)
    {
        // A read-only shell cannot be part of a circle that leads back through it alone, so its fields may go first.
        if (_readOnlyShell && !Changes(value, context)) return value;
        var copy = Clone(value);
        context.Remember(value, copy);
        foreach (var field in _changeable) field.SetValue(copy, context.Copy(field.GetValue(value)));
        return copy;
    }

    private static bool IsImmutableProperty(FieldInfo backing)
    {
        if (!backing.Name.StartsWith('<')) return false;
        var name = backing.Name[1..backing.Name.IndexOf('>', StringComparison.Ordinal)];
        return backing.DeclaringType!.GetProperty(name, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)?.IsDefined(typeof(ImmutableAttribute)) is true;
    }

    private static IEnumerable<FieldInfo> Fields(Type? type)
    {
        const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        for (; type is not null && type != typeof(object) && type != typeof(ValueType); type = type.BaseType)
        {
            foreach (var field in type.GetFields(Own)) yield return field;
        }
    }

    private bool Changes(object value, CopyContext context)
    {
        foreach (var field in _changeable)
        {
            var held = field.GetValue(value);
            if (!ReferenceEquals(held, context.Copy(held))) return true;
        }

        return false;
    }
}
