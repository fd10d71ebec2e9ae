using System.Reflection;
using System.Runtime.CompilerServices;

namespace CocoonPool.Engine.Local;

/// <summary>The base of the proxies that stand for grains and observers. Two references to one target are equal.</summary>
public class GrainReference : DispatchProxy, IAddressable
{
    internal LocalEngine Engine { get; private set; } = null!;

    internal CallTarget Target { get; private set; } = null!;

    public override bool Equals(object? obj) => obj is GrainReference other && other.Target.GrainId == Target.GrainId;

    public override int GetHashCode() => Target.GrainId.GetHashCode();

    public override string ToString() => $"reference to {Target.GrainId}";

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        => CallShape.Of(targetMethod!).Send(Engine, Target, args ?? []);

    // Cloning a prototype is many times cheaper than asking the runtime for another proxy.
    internal GrainReference For(LocalEngine engine, CallTarget target)
    {
        var copy = (GrainReference)MemberwiseClone();
        copy.Engine = engine;
        copy.Target = target;
        return copy;
    }
}

/// <summary>Makes references.</summary>
internal sealed class References(LocalEngine engine)
{
    public TInterface Get<TInterface>(CallTarget target)
    {
        var reference = Prototype<TInterface>.Instance.For(engine, target);
        return Unsafe.As<GrainReference, TInterface>(ref reference);
    }

    private static class Prototype<TInterface>
    {
        public static readonly GrainReference Instance = (GrainReference)(object)Create<TInterface>()!;

        private static T Create<T>() => typeof(T).IsInterface
            ? DispatchProxy.Create<T, GrainReference>()
            : throw new NotSupportedException($"{typeof(T)} is not an interface.");
    }
}
