terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}
resource "aws_vpc" "m" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_subnet" "a" {
  vpc_id     = aws_vpc.m.id
  cidr_block = "10.0.1.0/24"
}
resource "aws_internet_gateway" "g" {
  vpc_id = aws_vpc.m.id
}
resource "aws_route_table" "t" {
  vpc_id = aws_vpc.m.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.g.id
  }
}
resource "aws_route_table_association" "a" {
  subnet_id      = aws_subnet.a.id
  route_table_id = aws_route_table.t.id
}
resource "aws_eip" "nat" {
  domain = "vpc"
}
resource "aws_nat_gateway" "n" {
  subnet_id     = aws_subnet.a.id
  allocation_id = aws_eip.nat.id
}
resource "aws_instance" "bastion" {
  ami                    = "ami-1"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.a.id
  vpc_security_group_ids = [aws_security_group.b.id]
}
resource "aws_security_group" "b" {
  vpc_id = aws_vpc.m.id
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_security_group" "app" {
  vpc_id = aws_vpc.m.id
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["${aws_instance.bastion.private_ip}/32"]
  }
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = [for ip in [aws_eip.nat.public_ip] : "${ip}/32"]
  }
}
resource "aws_security_group_rule" "x" {
  type              = "ingress"
  security_group_id = aws_security_group.b.id
  from_port         = 80
  to_port           = 80
  protocol          = "tcp"
  cidr_blocks       = [format("%s/32", aws_nat_gateway.n.public_ip)]
}
resource "aws_vpc_security_group_ingress_rule" "y" {
  security_group_id = aws_security_group.b.id
  from_port         = 81
  to_port           = 81
  ip_protocol       = "tcp"
  cidr_ipv4         = join("", [aws_instance.bastion.private_ip, "/32"])
}
resource "aws_instance" "app" {
  ami                         = "ami-1"
  instance_type               = "t3.micro"
  subnet_id                   = aws_subnet.a.id
  vpc_security_group_ids      = [aws_security_group.app.id]
  associate_public_ip_address = true
}
