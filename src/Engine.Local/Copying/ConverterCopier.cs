using System.Reflection;

namespace CocoonPool.Engine.Local;

/// <summary>Copies foreign values through their surrogates, unless their fields show that nothing in them can change.</summary>
internal static class ConverterCopier
{
    public static TypeCopier For(Type converter, Type value, DeepCopier copier)
    {
        if (NeverChanges(value, [])) return TypeCopier.Sharing;
        var surrogate = converter.GetInterfaces()
            .Single(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IConverter<,>) && i.GetGenericArguments()[0] == value)
            .GetGenericArguments()[1];
        return (TypeCopier)Activator.CreateInstance(typeof(ConverterCopier<,>).MakeGenericType(value, surrogate), Activator.CreateInstance(converter), copier)!;
    }

    private static bool NeverChanges(Type type, HashSet<Type> seen)
    {
        if (Atoms.Is(type) || !seen.Add(type)) return true;
        return type.IsSealed && !type.IsArray && type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .All(f => (f.IsInitOnly || type.IsValueType) && NeverChanges(f.FieldType, seen));
    }
}

/// <inheritdoc cref="ConverterCopier"/>
internal sealed class ConverterCopier<TValue, TSurrogate>(IConverter<TValue, TSurrogate> converter, DeepCopier copier) : TypeCopier
    where TSurrogate : struct
{
    public override object Copy(object value, CopyContext context)
        => converter.ConvertFromSurrogate(copier.Copy(converter.ConvertToSurrogate((TValue)value), immutable: false))!;
}
