using System.Globalization;
using System.Net;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace CocoonPool.Engine.Local;

/// <summary>Types whose values never change and hold nothing that does.</summary>
internal static class Atoms
{
    private static readonly HashSet<Type> Known =
    [
        typeof(string), typeof(decimal), typeof(DateTime), typeof(DateTimeOffset), typeof(TimeSpan), typeof(DateOnly), typeof(TimeOnly),
        typeof(Guid), typeof(Uri), typeof(Version), typeof(BigInteger), typeof(Int128), typeof(UInt128), typeof(Half), typeof(IPAddress),
        typeof(IPEndPoint), typeof(CultureInfo), typeof(CancellationToken), typeof(GrainId), typeof(Nothing), typeof(object),
    ];

    /// <remarks>Exceptions count, although they collect a stack: nobody means to change one that was thrown.</remarks>
    public static bool Is(Type type) => type.IsPrimitive || type.IsEnum || type.IsPointer || Known.Contains(type)
        || type.IsAssignableTo(typeof(GrainReference)) || type.IsAssignableTo(typeof(Exception)) || type.IsAssignableTo(typeof(Type));

    public static bool IsTuple(Type type) => type.IsAssignableTo(typeof(ITuple));
}
