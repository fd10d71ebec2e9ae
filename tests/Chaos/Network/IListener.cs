namespace CocoonPool.Chaos.Network;

/// <summary>Hears the bytes of one direction of one connection, in their order.</summary>
public interface IListener
{
    void Hear(ReadOnlySpan<byte> bytes);
}
