using System.Reflection;
using System.Runtime.CompilerServices;

namespace CocoonPool.Architecture.Tests.Wire;

/// <summary>
/// What may cross a grain call: primitives, enumerations, value types of the Domain that have a surrogate, and immutable
/// records with a serializer, a stable alias and numbered members. Attributes are found by their simple names, so that the
/// rule holds on both engines.
/// </summary>
internal sealed class WireRule
{
    private static readonly HashSet<Type> Primitives =
    [
        typeof(void), typeof(string), typeof(bool), typeof(byte), typeof(short), typeof(int), typeof(uint), typeof(long), typeof(ulong), typeof(Int128),
        typeof(double), typeof(decimal), typeof(Guid), typeof(DateTimeOffset), typeof(DateTime), typeof(TimeSpan), typeof(System.Numerics.BigInteger),
        typeof(CancellationToken), typeof(Task), typeof(ValueTask), typeof(Uri),
    ];

    /// <summary>Generic types that only wrap what they carry; the engines know them.</summary>
    private static readonly string[] Wrappers =
    [
        "Task`1", "ValueTask`1", "IAsyncEnumerable`1", "Nullable`1", "ImmutableArray`1", "ImmutableList`1", "ImmutableHashSet`1",
        "ImmutableDictionary`2", "ImmutableSortedDictionary`2", "IReadOnlyList`1", "IReadOnlyCollection`1", "IReadOnlyDictionary`2",
    ];

    private readonly HashSet<Type> _seen = [];
    private readonly Dictionary<string, Type> _aliases = new(StringComparer.Ordinal);
    private readonly HashSet<Type> _converted;
    private readonly List<string> _violations = [];

    private WireRule(IEnumerable<Type> types) =>
        _converted = [.. types.Where(type => HasAttribute(type, "RegisterConverter"))
            .SelectMany(type => type.GetInterfaces())
            .Where(contract => contract.IsGenericType && SimpleName(contract) == "IConverter")
            .Select(contract => contract.GetGenericArguments()[0])];

    /// <summary>Walks every grain and observer interface among the types, and everything that crosses them.</summary>
    /// <param name="surroundings">Where converters for foreign value types are looked for.</param>
    public static IReadOnlyList<string> Violations(IEnumerable<Type> types, IEnumerable<Type> surroundings)
    {
        var rule = new WireRule(surroundings);
        foreach (var contract in types.Where(IsGrainInterface))
            rule.Interface(contract);
        return rule._violations;
    }

    public static bool IsGrainInterface(Type type) =>
        type.IsInterface && type.GetInterfaces().Any(parent => parent.Name is "IGrain" or "IGrainObserver" && parent.Assembly != type.Assembly);

    private void Interface(Type contract)
    {
        Alias(contract);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var method in contract.GetMethods())
        {
            var alias = Argument(method, "Alias") as string;
            if (alias is null)
                _violations.Add($"{contract.Name}.{method.Name} has no [Alias]; a rename would break a running cluster.");
            else if (!names.Add(alias))
                _violations.Add($"{contract.Name} has the method alias '{alias}' twice.");
            foreach (var parameter in method.GetParameters())
                Crossing(parameter.ParameterType, $"{contract.Name}.{method.Name}({parameter.Name})");
            Crossing(method.ReturnType, $"{contract.Name}.{method.Name}");
        }
    }

    private void Crossing(Type type, string where)
    {
        if (type.IsArray)
        {
            Crossing(type.GetElementType()!, where);
            return;
        }

        if (type.IsGenericParameter || Primitives.Contains(type) || type.IsEnum || IsGrainInterface(type))
            return;
        if (type.IsGenericType)
        {
            foreach (var argument in type.GetGenericArguments())
                Crossing(argument, where);
            if (Wrappers.Contains(type.Name, StringComparer.Ordinal))
                return;
            type = type.GetGenericTypeDefinition();
        }

        if (!_seen.Add(type))
            return;
        if (type.Assembly.GetName().Name == "CocoonPool.Domain" || _converted.Contains(type))
            ForeignValue(type, where);
        else
            Record(type, where);
    }

    /// <summary>The Domain knows no engine, so its values carry no attributes; a registered surrogate carries them across.</summary>
    private void ForeignValue(Type type, string where)
    {
        if (!type.IsValueType)
            _violations.Add($"{where}: {type.Name} is a class of the Domain; give it a wire record.");
        else if (!_converted.Contains(type))
            _violations.Add($"{where}: {type.Name} is a value of the Domain without a registered converter.");
    }

    private void Record(Type type, string where)
    {
        var isRecord = type.GetMethod("<Clone>$") is not null || type.GetMethod("PrintMembers", BindingFlags.NonPublic | BindingFlags.Instance) is not null;
        if (!isRecord)
        {
            _violations.Add($"{where}: {type.Name} is no record.");
            return;
        }

        if (type is { IsSealed: false, IsAbstract: false })
            _violations.Add($"{where}: {type.Name} is not sealed; a derived record would cross unseen.");
        if (!HasAttribute(type, "GenerateSerializer"))
            _violations.Add($"{where}: {type.Name} has no [GenerateSerializer].");
        Alias(type);
        Members(type);
    }

    private void Members(Type type)
    {
        var ids = new HashSet<object>();
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly);
        foreach (var property in properties.Where(IsStored))
        {
            var where = $"{type.Name}.{property.Name}";
            if (property.SetMethod is { } setter && !setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)))
                _violations.Add($"{where} can be changed after it was handed over.");
            if (Argument(property, "Id") is not { } id)
                _violations.Add($"{where} has no [Id].");
            else if (!ids.Add(id))
                _violations.Add($"{where} has the [Id({id})] of another member.");
            Crossing(property.PropertyType, where);
        }

        foreach (var field in type.GetFields(BindingFlags.Public | BindingFlags.Instance).Where(field => !field.IsInitOnly))
            _violations.Add($"{type.Name}.{field.Name} can be changed after it was handed over.");
    }

    private void Alias(Type type)
    {
        if (Argument(type, "Alias") is not string alias)
            _violations.Add($"{type.Name} has no [Alias]; a rename would break a running cluster.");
        else if (!_aliases.TryAdd(alias, type))
            _violations.Add($"{type.Name} has the alias '{alias}' of {_aliases[alias].Name}.");
    }

    /// <summary>A property with a field of its own; a computed one is not sent.</summary>
    private static bool IsStored(PropertyInfo property) =>
        property.DeclaringType!.GetField($"<{property.Name}>k__BackingField", BindingFlags.NonPublic | BindingFlags.Instance) is not null;

    private static bool HasAttribute(MemberInfo member, string name) => member.CustomAttributes.Any(attribute => SimpleName(attribute.AttributeType) == name + "Attribute");

    private static object? Argument(MemberInfo member, string name) =>
        member.CustomAttributes.FirstOrDefault(attribute => SimpleName(attribute.AttributeType) == name + "Attribute")?.ConstructorArguments[0].Value;

    private static string SimpleName(Type type) => type.Name.Split('`')[0];
}
